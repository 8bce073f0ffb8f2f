import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { AnyLanguageModel } from './ai-sdk-adapter.js';
import { asLanguageModelV4 } from './as-language-model-v4.adapter.js';

const image = { type: 'file' as const, mediaType: 'image/png', data: { type: 'data' as const, data: 'AAAA' } };
const prompt: LanguageModelV4Prompt = [
  { role: 'system', content: 'S' },
  { role: 'user', content: [{ type: 'text', text: 'hi' }, image] },
  { role: 'assistant', content: [{ type: 'tool-call', toolCallId: 'c', toolName: 't', input: {} }] },
  {
    role: 'tool',
    content: [
      {
        type: 'tool-result',
        toolCallId: 'c',
        toolName: 't',
        output: { type: 'content', value: [{ type: 'text', text: 'x' }, image] },
      },
      { type: 'tool-result', toolCallId: 'd', toolName: 't', output: { type: 'execution-denied', reason: 'no' } },
    ],
  },
];

/** A model of an old specification that streams the parts given and keeps what it was called with. */
function old(specificationVersion: string, parts: readonly object[]) {
  const calls: { prompt: { content: unknown }[] }[] = [];
  const model = {
    specificationVersion,
    provider: 'old',
    modelId: 'm',
    supportedUrls: {},
    doGenerate: async (options: never) => {
      calls.push(options);
      return {
        content: [{ type: 'file', mediaType: 'image/png', data: 'AAAA' }],
        ...(parts.at(-1) as object),
        warnings: [],
      };
    },
    doStream: async (options: never) => {
      calls.push(options);
      return { stream: ReadableStream.from(parts) };
    },
  } as unknown as AnyLanguageModel;
  return { model: asLanguageModelV4(model), calls };
}

async function streamOf({ model }: ReturnType<typeof old>): Promise<unknown[]> {
  const { stream } = await model.doStream({ prompt, reasoning: 'low' });
  const parts: unknown[] = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

describe('asLanguageModelV4', () => {
  it('gives back a model of version 4', () => {
    const model = { specificationVersion: 'v4' } as AnyLanguageModel;
    expect(asLanguageModelV4(model)).toBe(model);
  });

  it('refuses what it does not know, with a way out', () => {
    const model = { specificationVersion: 'v1' } as unknown as AnyLanguageModel;
    expect(() => asLanguageModelV4(model)).toThrow(/v1; v2, v3 and v4 are known. Update/);
  });

  it('speaks version 2', async () => {
    const usage = { inputTokens: 5, outputTokens: 2, totalTokens: 7, cachedInputTokens: 1 };
    const wrapped = old('v2', [
      { type: 'stream-start', warnings: [{ type: 'unsupported-setting', setting: 'topK' }] },
      { type: 'text-delta', id: '1', delta: 'a' },
      { type: 'file', mediaType: 'image/png', data: 'AAAA' },
      { type: 'finish', finishReason: 'unknown', usage },
    ]);
    const newUsage = {
      inputTokens: { total: 5, noCache: undefined, cacheRead: 1, cacheWrite: undefined },
      outputTokens: { total: 2, text: undefined, reasoning: undefined },
      raw: { total_tokens: 7 },
    };
    expect(await streamOf(wrapped)).toEqual([
      { type: 'stream-start', warnings: [{ type: 'unsupported', feature: 'topK' }] },
      { type: 'text-delta', id: '1', delta: 'a' },
      image,
      { type: 'finish', finishReason: { unified: 'other', raw: 'unknown' }, usage: newUsage },
    ]);
    const [called] = wrapped.calls;
    expect(called).not.toHaveProperty('reasoning');
    expect(called?.prompt[1]?.content).toEqual([
      { type: 'text', text: 'hi' },
      { ...image, data: 'AAAA' },
    ]);
    expect(called?.prompt[3]?.content).toMatchObject([
      {
        output: { type: 'content', value: [{ type: 'text' }, { type: 'media', data: 'AAAA', mediaType: 'image/png' }] },
      },
      { output: { type: 'error-text', value: 'no' } },
    ]);
    expect(await wrapped.model.doGenerate({ prompt })).toMatchObject({ content: [image], usage: newUsage });
  });

  it('speaks version 3', async () => {
    const finish = {
      type: 'finish',
      finishReason: { unified: 'stop', raw: 'stop' },
      usage: { inputTokens: { total: 1 }, outputTokens: { total: 1 } },
    };
    const wrapped = old('v3', [finish]);
    expect(await streamOf(wrapped)).toEqual([finish]);
    expect(wrapped.calls[0]?.prompt[3]?.content).toMatchObject([
      { output: { type: 'content', value: [{ type: 'text' }, { type: 'image-data', data: 'AAAA' }] } },
      { output: { type: 'execution-denied' } },
    ]);
  });
});
