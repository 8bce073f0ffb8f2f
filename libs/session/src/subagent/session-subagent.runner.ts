import { Injectable } from '@nestjs/common';
import { AgentService } from '#libs/agent';
import type { Agent } from '#libs/contract';
import { type SubagentReport, SubagentRunner, type SubagentTask } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { evaluate } from '#libs/permission';
import { RunRegistry } from '../run/run.registry.js';
import { SessionRunner } from '../run/session.runner.js';
import { ChildSessionService } from './child-session.service.js';
import { TaskPrompts } from './task-prompts.service.js';

/** Runs subagents in child sessions. */
@Injectable()
export class SessionSubagentRunner extends SubagentRunner {
  constructor(
    private readonly agents: AgentService,
    private readonly children: ChildSessionService,
    private readonly prompts: TaskPrompts,
    private readonly runner: SessionRunner,
    private readonly runs: RunRegistry,
  ) {
    super();
  }

  async list(instance: Instance, caller?: Agent): Promise<Agent[]> {
    return (await this.agents.list(instance)).filter(
      ({ name, mode, hidden }) =>
        mode !== 'primary' && !hidden && evaluate('task', name, caller?.permission ?? []).action !== 'deny',
    );
  }

  async run(task: SubagentTask): Promise<SubagentReport> {
    const { instance, sessionID, signal } = task;
    const agent = (await this.agents.list(instance)).find(({ name }) => name === task.agent);
    if (!agent) throw new Error(`Unknown agent type: ${task.agent} is not a valid agent type`);
    const { model, parts } = await this.prompts.of(task, agent);
    signal.throwIfAborted();
    const child = await this.children.open(task, agent);
    const started = { sessionID: child.id, model };
    task.onStart(started);
    const stop = () => void this.runs.abort(child.id);
    signal.addEventListener('abort', stop, { once: true });
    const release = this.runs.adopt(sessionID, child.id);
    try {
      const tools = await this.children.tools(instance, agent);
      const { reply } = await this.runner.prompt(instance, child.id, { agent: agent.name, model, tools, parts });
      if (signal.aborted) stop();
      const answer = await reply;
      signal.throwIfAborted();
      const error = answer.info.role === 'assistant' ? answer.info.error : undefined;
      const last = answer.parts.findLast((part) => part.type === 'text');
      return { ...started, text: last?.text ?? '', ...(error && { problem: messageOf(error) }) };
    } finally {
      release();
      signal.removeEventListener('abort', stop);
    }
  }
}

function messageOf({ name, data }: { name: string; data: object }): string {
  return 'message' in data && typeof data.message === 'string' ? data.message : name;
}
