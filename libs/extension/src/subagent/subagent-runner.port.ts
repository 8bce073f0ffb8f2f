import type { Agent, Session } from '#libs/contract';
import type { Instance } from '#libs/instance';

/** A task for a subagent. */
export interface SubagentTask {
  instance: Instance;
  /** Session of the caller. */
  sessionID: string;
  /** The assistant message that calls; a subagent without a model of its own uses the one of this message. */
  messageID: string;
  /** Name of the agent that works on it. */
  agent: string;
  /** A few words for people. */
  description: string;
  /** Everything the agent gets to know. */
  prompt: string;
  /** An earlier task of the caller to continue. */
  taskID?: string;
  /** Ends the task with everything below it. */
  signal: AbortSignal;
  /** Told when the task has a session, before it is worked on. */
  onStart(started: SubagentStart): void;
}

export interface SubagentStart {
  sessionID: Session['id'];
  model: { providerID: string; modelID: string };
}

export interface SubagentReport extends SubagentStart {
  /** Last text of the answer; empty when there is none. */
  text: string;
  /** Why the task ended before its time. */
  problem?: string;
}

/** Lets an agent hand work to another one, which does it in a session of its own. */
export abstract class SubagentRunner {
  /**
   * The agents that can be called.
   * @param caller only those that its `task` rules do not deny
   */
  abstract list(instance: Instance, caller?: Agent): Promise<Agent[]>;
  /** Resolves when the task is over. Rejects when the agent or the task to continue does not exist, or on abort. */
  abstract run(task: SubagentTask): Promise<SubagentReport>;
}
