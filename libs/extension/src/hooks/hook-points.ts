import type {
  Config,
  MessageWithParts,
  Model,
  ModelRef,
  Part,
  PermissionRequest,
  PromptInput,
  Provider,
  UserMessage,
} from '#libs/contract';
import type { Instance } from '#libs/instance';
import type { ToolResult } from '../tool/agent-tool.js';

/** What every hook is told. @publicApi */
export interface HookContext {
  readonly instance: Instance;
}

/** A prompt that is about to be stored. @publicApi */
export interface UserMessageContext extends HookContext {
  readonly sessionID: string;
  /** What the prompt itself named. */
  readonly asked: { agent?: string; model?: ModelRef; messageID?: string; variant?: string };
}

/** A call of a model: an answer, a title or a summary. @publicApi */
export interface ModelCallContext extends HookContext {
  readonly sessionID: string;
  /** Name of the agent that speaks. */
  readonly agent: string;
  readonly model: Model;
  readonly provider?: Provider;
  /** The user message that is answered. */
  readonly message?: UserMessage;
}

/** How a model is called. @publicApi */
export interface ModelParameters {
  temperature?: number;
  topP?: number;
  topK?: number;
  /** Options of the provider's package, such as `reasoningEffort`. */
  options: Record<string, unknown>;
}

/** A call of a tool. @publicApi */
export interface ToolHookContext extends HookContext {
  readonly tool: string;
  readonly sessionID: string;
  readonly callID: string;
}

/** What a model is told about a tool. @publicApi */
export interface ToolDefinition {
  description: string;
  /** JSON Schema. */
  parameters: Readonly<Record<string, unknown>>;
}

/** What a summary is asked for with. @publicApi */
export interface CompactionRequest {
  /** Texts added to the usual request. */
  context: string[];
  /** Takes the place of the usual request and of `context`. */
  prompt?: string;
}

/**
 * The points at which hooks are called: the value a hook may replace, and what it is told. A hook never changes what it
 * is given: it returns a new value, or the old one.
 * @publicApi
 */
export interface HookPoints {
  /** The merged configuration, once per instance, before anybody uses it. */
  config: { value: Config; context: HookContext };
  /** A prompt before it is stored. Ids, the session and the role stay what they are. */
  userMessage: { value: { message: UserMessage; parts: Part[] }; context: UserMessageContext };
  /** Sampling and provider options of a call of a model. */
  modelParameters: { value: ModelParameters; context: ModelCallContext };
  /** HTTP headers of a call of a model; names in lower case. */
  modelHeaders: { value: Record<string, string>; context: ModelCallContext };
  /** A tool, before a model or a client is told of it. */
  toolDefinition: { value: ToolDefinition; context: HookContext & { readonly toolID: string } };
  /** The arguments of a call, before the tool sees them. An error is what the model reads instead of a result. */
  beforeTool: { value: Record<string, unknown>; context: ToolHookContext };
  /** The result of a call, before the model sees it. An error takes its place. */
  afterTool: { value: ToolResult; context: ToolHookContext & { readonly args: Record<string, unknown> } };
  /** The parts of the prompt that a slash command makes. */
  beforeCommand: {
    value: PromptInput['parts'];
    context: HookContext & { readonly sessionID: string; readonly command: string; readonly arguments: string };
  };
  /** Variables added to the environment of the bash tool, of shell commands of a person, and of terminals. */
  shellEnvironment: {
    value: Record<string, string>;
    context: HookContext & { readonly cwd: string; readonly sessionID?: string; readonly callID?: string };
  };
  /** What becomes of a request that the rules leave to the person: `allow` and `deny` spare the question. */
  permission: {
    value: 'ask' | 'allow' | 'deny';
    context: HookContext & { readonly request: PermissionRequest };
  };
  /** The conversation as the model is going to read it; what is stored stays as it is. */
  conversation: { value: MessageWithParts[]; context: HookContext & { readonly sessionID: string } };
  /** The system prompt in its sections; each becomes a message. */
  systemPrompt: { value: string[]; context: HookContext & { readonly sessionID: string; readonly model: Model } };
  /** A text of an answer that has just ended, before it is stored. */
  textComplete: {
    value: string;
    context: HookContext & { readonly sessionID: string; readonly messageID: string; readonly partID: string };
  };
  /** What the model is asked for when a conversation is summarised. */
  compaction: { value: CompactionRequest; context: HookContext & { readonly sessionID: string } };
}

/** Name of a point. @publicApi */
export type HookPoint = keyof HookPoints;
/** What a hook at a point may replace. @publicApi */
export type HookValue<P extends HookPoint> = HookPoints[P]['value'];
/** What a hook at a point is told. @publicApi */
export type HookContextOf<P extends HookPoint> = HookPoints[P]['context'];
