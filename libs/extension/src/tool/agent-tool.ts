import type { Agent, FilePart, MessageWithParts, PermissionRequest } from '#libs/contract';
import type { Instance } from '#libs/instance';

/** What a tool asks leave for; every pattern is judged by the rules, the reply covers them all. @publicApi */
export type ToolPermission = Pick<PermissionRequest, 'permission' | 'patterns' | 'always' | 'metadata'>;

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
}

/** Who is told about a tool. @publicApi */
export interface ToolDescriptionContext {
  readonly instance: Instance;
  readonly agent: Agent;
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
}

/**
 * The class behind {@link AgentTool}. A thrown error becomes the result the model reads, so its message should
 * say what to do instead.
 * @publicApi
 */
export interface AgentToolHandler<Input extends object = object> {
  execute(input: Input, context: ToolContext): Promise<ToolResult>;
  /** Takes the place of the fixed description where that depends on the project or the agent; asked at every step. */
  describe?(context: ToolDescriptionContext): Promise<string>;
  /** Whether the tool exists in an instance; absent: in all. */
  isAvailable?(instance: Instance): boolean | Promise<boolean>;
  /** Whether a model is told of it; absent: all are. */
  isFor?(model: ToolModel): boolean;
}
