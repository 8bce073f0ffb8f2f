import type { Instance } from '#libs/instance';
import type { ToolContext, ToolDescriptionContext, ToolModel, ToolResult } from './agent-tool.js';

/** Version of the interface behind {@link ToolSource}; the registry refuses a source of another one. @publicApi */
export const TOOL_SOURCE_SPECIFICATION = 'tool-source-v1';

/** A tool that a {@link ToolSource} has. @publicApi */
export interface SourcedTool {
  /** Name offered to the model: 1 to 128 letters, digits, `_` and `-`. */
  readonly id: string;
  /** What it does and when to use it, for the model. */
  readonly description: string;
  /** JSON Schema of an object: what models and clients are told about the arguments. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /**
   * Runs one call. A thrown error becomes the result the model reads. Long output is cut by the registry, and kept on
   * disk, unless `metadata.truncated` is set.
   * @param input an object as the model gave it; nobody has compared it with `parameters`
   */
  execute(input: Readonly<Record<string, unknown>>, context: ToolContext): Promise<ToolResult>;
  /** Takes the place of the fixed description where that depends on the agent; asked at every step. */
  describe?(context: ToolDescriptionContext): Promise<string>;
  /** Whether a model is told of it; absent: all are. */
  isFor?(model: ToolModel): boolean;
}

/**
 * The class behind {@link ToolSource}.
 *
 * @example
 * @ToolSource()
 * export class TicketTools implements ToolSourceHandler {
 *   readonly specificationVersion = TOOL_SOURCE_SPECIFICATION;
 *   async tools(instance: Instance) { return this.queues(instance).map((queue) => searchIn(queue)); }
 * }
 * @publicApi
 */
export interface ToolSourceHandler {
  readonly specificationVersion: typeof TOOL_SOURCE_SPECIFICATION;
  /**
   * The tools of an instance as they are now. Asked before every step of a model, so keep what is slow to find out in
   * an InstanceState. A rejection fails whatever needs the tools: leave out what is broken for a while only.
   */
  tools(instance: Instance): Promise<readonly SourcedTool[]>;
}
