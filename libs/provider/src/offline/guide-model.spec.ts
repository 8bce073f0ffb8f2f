import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { SystemClock } from '#libs/extension';
import { GuideModel } from './guide-model.js';

const model = new GuideModel('offline', 'guide', new SystemClock());
const ask = (text: string, options: Partial<LanguageModelV4CallOptions> = {}): LanguageModelV4CallOptions => ({
  prompt: [{ role: 'user', content: [{ type: 'text', text }] }],
  tools: [{ type: 'function', name: 'read', inputSchema: {} }],
  ...options,
});

async function collect(options: LanguageModelV4CallOptions): Promise<LanguageModelV4StreamPart[]> {
  const { stream } = await model.doStream(options);
  const parts: LanguageModelV4StreamPart[] = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

describe('GuideModel', () => {
  it('streams its text in small pieces with usage at the end', async () => {
    const parts = await collect(ask('what is love'));
    const deltas = parts.flatMap((part) => (part.type === 'text-delta' ? [part.delta] : []));
    expect(deltas.length).toBeGreaterThan(20);
    expect(Math.max(...deltas.map((delta) => delta.length))).toBeLessThan(40);
    expect(deltas.join('')).toBe(
      (await model.doGenerate(ask('what is love'))).content.map((p) => 'text' in p && p.text).join(),
    );
    expect(parts.map(({ type }) => type).filter((type) => type !== 'text-delta')).toEqual([
      'stream-start',
      'text-start',
      'text-end',
      'finish',
    ]);
    expect(parts.at(-1)).toMatchObject({
      finishReason: { unified: 'stop' },
      usage: { inputTokens: { total: expect.any(Number) }, outputTokens: { total: expect.any(Number) } },
    });
  });

  it('calls a tool with an id of its own each time', async () => {
    const calls = [...(await collect(ask('read a.txt'))), ...(await collect(ask('read a.txt')))].filter(
      (part) => part.type === 'tool-call',
    );
    expect(calls).toHaveLength(2);
    expect(calls[0]).toMatchObject({ toolName: 'read', input: '{"filePath":"a.txt"}' });
    expect(calls[0]?.toolCallId).not.toBe(calls[1]?.toolCallId);
  });

  it('stops when it is aborted', async () => {
    const controller = new AbortController();
    const { stream } = await model.doStream(ask('help', { abortSignal: controller.signal }));
    const reader = stream.getReader();
    await reader.read();
    controller.abort();
    await expect(
      (async () => {
        while (!(await reader.read()).done);
      })(),
    ).rejects.toMatchObject({ name: 'AbortError' });
    await expect(model.doStream(ask('help', { abortSignal: controller.signal }))).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});
