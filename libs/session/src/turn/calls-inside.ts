import { type StepEvent, TOOL_ABORTED, type ToolCall } from '#libs/agent';
import { createId } from '#libs/contract';
import { InvalidToolInputError, type NestedCalls, type ToolResult } from '#libs/extension';

/** The message that tells of calls which a tool makes. */
export interface NestingMessage {
  startTool(call: ToolCall, partID?: string): void;
  apply(event: Extract<StepEvent, { type: 'tool-completed' | 'tool-failed' }>): void;
}

export interface CallsInsideInput {
  message: NestingMessage;
  signal: AbortSignal;
  /** Names of what may be called. */
  tools: readonly string[];
}

/** The calls that one call of a model makes. Each is a part of its own, named by itself. */
export class CallsInside implements NestedCalls {
  constructor(
    private readonly input: CallsInsideInput,
    private readonly execute: (call: ToolCall) => Promise<ToolResult>,
  ) {}

  get tools(): readonly string[] {
    return this.input.tools;
  }

  async run(tool: string, input: Record<string, unknown>): Promise<ToolResult> {
    const { signal, tools } = this.input;
    if (!tools.includes(tool))
      throw this.refused(tool, input, `Tool '${tool}' not in registry. Available tools: ${tools.join(', ')}`);
    const { call, end } = this.begin(tool, input);
    const { callID } = call;
    // a tool that does not hear must not leave its part open
    const abort = () => end({ type: 'tool-failed', callID, message: TOOL_ABORTED });
    signal.addEventListener('abort', abort, { once: true });
    try {
      signal.throwIfAborted();
      const result = await this.execute(call);
      signal.throwIfAborted();
      end({ type: 'tool-completed', callID, result });
      return result;
    } catch (error) {
      if (signal.aborted) abort();
      end({ type: 'tool-failed', callID, message: textOf(error) });
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  refuse(tool: string, input: Record<string, unknown>, reason: string): void {
    const { call, end } = this.begin(tool, input);
    end({ type: 'tool-failed', callID: call.callID, message: reason });
  }

  private refused(tool: string, input: Record<string, unknown>, reason: string): Error {
    this.refuse(tool, input, reason);
    return new Error(reason);
  }

  private begin(tool: string, input: Record<string, unknown>) {
    const { message } = this.input;
    const callID = createId('part');
    const call: ToolCall = { callID, tool, input };
    message.startTool(call, callID);
    let open = true;
    /** Only the first end counts. */
    const end = (event: Parameters<NestingMessage['apply']>[0]) => {
      if (open) message.apply(event);
      open = false;
    };
    return { call, end };
  }
}

/** Without a name in front, as clients know the failures of such calls. */
function textOf(error: unknown): string {
  if (error instanceof InvalidToolInputError) return JSON.stringify(error.issues, null, 2);
  return error instanceof Error ? error.message : String(error);
}
