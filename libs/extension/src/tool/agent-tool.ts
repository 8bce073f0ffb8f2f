import type { Agent, FilePart, Issue, MessageWithParts, PermissionRequest } from '#libs/contract';
import type { Instance } from '#libs/instance';

/** Version of the interface behind {@link AgentTool}. @publicApi */
export const AGENT_TOOL_SPECIFICATION = 'agent-tool-v1';

/** What a tool asks leave for; every pattern is judged by the rules, the reply covers them all. @publicApi */
export type ToolPermission = Pick<PermissionRequest, 'permission' | 'patterns' | 'always' | 'metadata'> & {
  /**
   * Other texts that mean the same as a pattern, by pattern: a rule that denies one of them denies the pattern. They
   * neither allow anything nor are they shown.
   */
  spellings?: Readonly<Record<string, readonly string[]>>;
};

/** Shown by clients while the tool runs. @publicApi */
export interface ToolProgress {
  title?: string;
  metadata?: Record<string, unknown>;
}

/** One call of a tool. @publicApi */
export interface ToolContext {
  readonly instance: Instance;
  readonly sessionID: string;
  /** The assistant message that made the call. */
  readonly messageID: string;
  readonly callID: string;
  /** Name of the agent that called. */
  readonly agent: string;
  /** The conversation that the model has read, in turn order. */
  readonly messages: readonly MessageWithParts[];
  /** Aborted when the session is aborted: stop and leave nothing running. */
  readonly signal: AbortSignal;
  /** Resolves when the rules or the user allow it; rejects with a permission error otherwise: let it pass. */
  ask(permission: ToolPermission): Promise<void>;
  /** Publishes a running state. */
  update(progress: ToolProgress): void;
  /** Calls of other tools on behalf of this one; absent where there is no message to tell of them. */
  readonly calls?: NestedCalls;
}

/** Calls that a tool makes: parts of their own in the message of its call, under the same rules. @publicApi */
export interface NestedCalls {
  /** Names of the tools that the model is told of; no others can be called. */
  readonly tools: readonly string[];
  /** Rejects with what the tool throws, and when there is no such tool; the part tells it as well. */
  run(tool: string, input: Record<string, unknown>): Promise<ToolResult>;
  /** Tells of a call that is not made. */
  refuse(tool: string, input: Record<string, unknown>, reason: string): void;
}

/** Who is told about a tool. @publicApi */
export interface ToolDescriptionContext {
  readonly instance: Instance;
  /** Absent when a client asks what there is, whatever the agent. */
  readonly agent?: Agent;
}

/** A model that is told about tools. @publicApi */
export interface ToolModel {
  providerID: string;
  /** As the provider's own API calls it. */
  modelID: string;
}

/** A file handed to the model with the output; `url` is a data URL. @publicApi */
export type ToolAttachment = Pick<FilePart, 'mime' | 'url' | 'filename'>;

/** @publicApi */
export interface ToolResult {
  /** One line for people. */
  title: string;
  /** Text for the model. Cut to the common limits unless `metadata.truncated` is set by the tool itself. */
  output: string;
  metadata?: Record<string, unknown>;
  attachments?: ToolAttachment[];
  /** Another agent goes on with the work after this step, of its own or of other calls. */
  handOver?: HandOver;
}

/** How the work goes on with another agent. @publicApi */
export interface HandOver {
  /** Its name. */
  agent: string;
  /** What it is told, as a message of the user. */
  text: string;
}

/**
 * The class behind {@link AgentTool}. A thrown error becomes the result the model reads, so its message should
 * say what to do instead.
 * @publicApi
 */
export interface AgentToolHandler<Input extends object = object> {
  /** For packages that outlive a version of this one: the registry refuses a tool that says another. */
  readonly specificationVersion?: typeof AGENT_TOOL_SPECIFICATION;
  execute(input: Input, context: ToolContext): Promise<ToolResult>;
  /** Takes the place of the fixed description where that depends on the project or the agent; asked at every step. */
  describe?(context: ToolDescriptionContext): Promise<string>;
  /** What a model reads whose arguments do not fit; absent: the list of what is wrong. */
  explainIssues?(issues: readonly Issue[]): string;
  /** Whether the tool exists in an instance; absent: in all. */
  isAvailable?(instance: Instance): boolean | Promise<boolean>;
  /** Whether a model is told of it; absent: all are. */
  isFor?(model: ToolModel): boolean;
}
