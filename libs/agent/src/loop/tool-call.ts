import type { LanguageModelV4ToolCall } from '@ai-sdk/provider';
import type { ToolResult } from '#libs/extension';

/** The tools of one step. */
export interface StepTools {
  /** Names offered to the model. */
  readonly offered: readonly string[];
  /**
   * Runs a call. A rejection becomes the result that the model reads.
   * @param signal aborted when the step is aborted
   */
  execute(call: ToolCall, signal: AbortSignal): Promise<ToolResult>;
  /** Whether the turn ends after this step, as when a person said no; asked when all calls have ended. */
  endTurn(): boolean;
  /** Whether a rejection fails the step at once, with all calls that are open. */
  failsStep?(error: unknown): boolean;
}

export interface ToolCall {
  callID: string;
  tool: string;
  input: Record<string, unknown>;
}

/** Name of the tool that explains to the model what was wrong with a call; never offered. */
export const INVALID_TOOL = 'invalid';

/** Turns what the model sent into a call that can run: repairs the name's case, routes nonsense to the `invalid` tool. */
export function readToolCall(call: LanguageModelV4ToolCall, offered: readonly string[]): ToolCall {
  const tool = offered.includes(call.toolName) ? call.toolName : call.toolName.toLowerCase();
  const invalid = (error: string): ToolCall => ({
    callID: call.toolCallId,
    tool: INVALID_TOOL,
    input: { tool: call.toolName, error },
  });
  if (!offered.includes(tool))
    return invalid(
      `Model tried to call unavailable tool '${call.toolName}'. Available tools: ${offered.join(', ') || 'none'}.`,
    );
  const parsed = parseArguments(call.input);
  if ('error' in parsed) return invalid(`Invalid input for tool ${call.toolName}: ${parsed.error}`);
  return { callID: call.toolCallId, tool, input: parsed.input };
}

function parseArguments(text: string): { input: Record<string, unknown> } | { error: string } {
  if (text.trim() === '') return { input: {} };
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { input: value as Record<string, unknown> };
    return { error: `Expected a JSON object. Text: ${text}.` };
  } catch (error) {
    return { error: `JSON parsing failed: Text: ${text}.\nError message: ${(error as Error).message}` };
  }
}

const TOLD = ['AbortError', 'McpError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError'];

/** A tool's failure as the model and the clients read it: `Error: <message>`. */
export function failureText(error: unknown): string {
  if (!(error instanceof Error)) return `Error: ${String(error)}`;
  // names of other classes of ours are not part of the wire format
  return `${TOLD.includes(error.name) ? error.name : 'Error'}: ${error.message}`;
}
