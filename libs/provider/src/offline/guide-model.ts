import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4Content,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
  LanguageModelV4StreamResult,
  LanguageModelV4Usage,
} from '@ai-sdk/provider';
import type { Clock } from '#libs/extension';
import { decide, type GuideTurn } from './guide-turn.js';

/** Milliseconds between two pieces of text: fast, and still seen as a stream. */
const PACE = 4;
const PIECE = /\s*\S{1,24}\s?/g;
/** Rough size of a token in characters; the guide has no tokens of its own. */
const TOKEN = 4;

/** The offline guide as a language model: answers come from rules, tool calls are real. */
export class GuideModel implements LanguageModelV4 {
  readonly specificationVersion = 'v4';
  readonly supportedUrls = {};
  private calls = 0;

  constructor(
    readonly provider: string,
    readonly modelId: string,
    private readonly clock: Clock,
  ) {}

  async doGenerate(options: LanguageModelV4CallOptions): Promise<LanguageModelV4GenerateResult> {
    options.abortSignal?.throwIfAborted();
    const turn = decide(options);
    const content: LanguageModelV4Content[] = [{ type: 'text', text: turn.text }];
    if (turn.call) content.push(this.toolCall(turn.call.tool, turn.call.input));
    return { content, finishReason: finishOf(turn), usage: usageOf(options, turn), warnings: [] };
  }

  async doStream(options: LanguageModelV4CallOptions): Promise<LanguageModelV4StreamResult> {
    options.abortSignal?.throwIfAborted();
    const parts = this.parts(options);
    return {
      stream: new ReadableStream<LanguageModelV4StreamPart>({
        async pull(controller) {
          try {
            const { done, value } = await parts.next();
            if (done) controller.close();
            else controller.enqueue(value);
          } catch (error) {
            controller.error(error);
          }
        },
        async cancel() {
          await parts.return(undefined);
        },
      }),
    };
  }

  private async *parts(options: LanguageModelV4CallOptions): AsyncGenerator<LanguageModelV4StreamPart, void, void> {
    const { abortSignal } = options;
    const turn = decide(options);
    yield { type: 'stream-start', warnings: [] };
    yield { type: 'text-start', id: 'text' };
    for (const delta of turn.text.match(PIECE) ?? [turn.text]) {
      await this.clock.sleep(PACE, abortSignal);
      abortSignal?.throwIfAborted();
      yield { type: 'text-delta', id: 'text', delta };
    }
    yield { type: 'text-end', id: 'text' };
    if (turn.call) yield* this.callParts(turn.call.tool, turn.call.input);
    yield { type: 'finish', finishReason: finishOf(turn), usage: usageOf(options, turn) };
  }

  private *callParts(tool: string, input: object): Generator<LanguageModelV4StreamPart> {
    const call = this.toolCall(tool, input);
    yield { type: 'tool-input-start', id: call.toolCallId, toolName: tool };
    yield { type: 'tool-input-delta', id: call.toolCallId, delta: call.input };
    yield { type: 'tool-input-end', id: call.toolCallId };
    yield call;
  }

  private toolCall(toolName: string, input: object) {
    const toolCallId = `guide_${this.clock.now().toString(36)}_${++this.calls}`;
    return { type: 'tool-call' as const, toolCallId, toolName, input: JSON.stringify(input) };
  }
}

function finishOf({ call }: GuideTurn): LanguageModelV4GenerateResult['finishReason'] {
  return { unified: call ? 'tool-calls' : 'stop', raw: undefined };
}

/** Estimated from the length of the texts, so that clients have something to show. */
function usageOf({ prompt }: LanguageModelV4CallOptions, { text, call }: GuideTurn): LanguageModelV4Usage {
  const input = tokens(JSON.stringify(prompt, (_, value: unknown) => (value instanceof Uint8Array ? '' : value)));
  const output = tokens(text) + (call ? tokens(JSON.stringify(call.input)) : 0);
  return {
    inputTokens: { total: input, noCache: input, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: output, text: output, reasoning: 0 },
  };
}

function tokens(text: string): number {
  return Math.ceil(text.length / TOKEN);
}
