import type { SourcedTool, ToolContext, ToolPermission, ToolProgress, ToolResult } from '#libs/extension';
import { asError } from '../load/foreign-error.js';
import type { CustomTool } from '../load/reference-plugin.js';
import { schemaOfArguments } from './tool-schema.js';

/** A tool of a file or a plugin in the common form. */
export async function sourcedTool(id: string, tool: CustomTool): Promise<SourcedTool> {
  return {
    id,
    description: typeof tool.description === 'string' ? tool.description : '',
    parameters: await schemaOfArguments(id, tool.args),
    async execute(input, context) {
      try {
        return resultOf(id, await tool.execute(input, contextOf(context)));
      } catch (error) {
        throw asError(error);
      }
    },
  };
}

/** What a tool is told, by the names that such tools know. */
function contextOf(context: ToolContext): object {
  const { instance, sessionID, messageID, callID, agent, signal, messages } = context;
  return {
    sessionID,
    messageID,
    callID,
    agent,
    messages,
    abort: signal,
    extra: {},
    directory: instance.directory,
    worktree: instance.worktree,
    metadata: (progress: ToolProgress) => context.update(progress),
    ask: (permission: ToolPermission) => context.ask(permission),
  };
}

/** A text, or an object with one. */
function resultOf(id: string, result: unknown): ToolResult {
  if (typeof result === 'string') return { title: '', output: result };
  if (typeof result === 'object' && result !== null && 'output' in result && typeof result.output === 'string')
    return { title: '', ...(result as Omit<ToolResult, 'title'>) };
  throw new Error(`The tool ${id} gave no text: execute() has to resolve to a string.`);
}
