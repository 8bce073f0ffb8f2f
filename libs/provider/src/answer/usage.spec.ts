import type { LanguageModelV4Usage } from '@ai-sdk/provider';
import type { Model } from '#libs/contract';
import { modelFixture } from '../testing/model.fixture.js';
import { costOf, tokensOf } from './usage.js';

interface Numbers {
  total?: number;
  noCache?: number;
  read?: number;
  write?: number;
  output?: number;
  reasoning?: number;
  raw?: LanguageModelV4Usage['raw'];
}
const usage = ({ total, noCache, read, write, output, reasoning, raw }: Numbers): LanguageModelV4Usage => ({
  inputTokens: { total, noCache, cacheRead: read, cacheWrite: write },
  outputTokens: { total: output, text: undefined, reasoning },
  ...(raw ? { raw } : {}),
});
const price = (cost: Model['cost']) => modelFixture('a/b', '@ai-sdk/openai-compatible', { cost });
const openai = modelFixture('openai/x', '@ai-sdk/openai');
const anthropic = modelFixture('anthropic/x', '@ai-sdk/anthropic');

describe('tokensOf', () => {
  it.each([
    [
      'subtracts the cached tokens',
      openai,
      { total: 1000, read: 400, output: 200, reasoning: 50 },
      undefined,
      { total: 1200, input: 600, output: 200, reasoning: 50, cache: { read: 400, write: 0 } },
    ],
    [
      "takes the adapter's own split and the provider's total",
      openai,
      { total: 1000, noCache: 590, read: 400, write: 10, output: 200, raw: { total_tokens: 1234 } },
      undefined,
      { total: 1234, input: 590, output: 200, reasoning: 0, cache: { read: 400, write: 10 } },
    ],
    [
      'knows that old Anthropic adapters leave the cache out of the input',
      anthropic,
      { total: 100, read: 400, output: 20 },
      { anthropic: { cacheCreationInputTokens: 30 } },
      { total: 550, input: 100, output: 20, reasoning: 0, cache: { read: 400, write: 30 } },
    ],
    [
      'counts what is unknown or broken as nothing',
      openai,
      { output: Number.NaN },
      undefined,
      { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } },
    ],
  ] as const)('%s', (_, model, numbers, metadata, expected) => {
    expect(tokensOf(usage(numbers), metadata, model)).toEqual(expected);
  });
});

describe('costOf', () => {
  const tokens = { input: 600, output: 200, reasoning: 50, cache: { read: 400, write: 0 } };

  it('is exact in decimals', () => {
    expect(costOf(tokens, price({ input: 3, output: 15, cache: { read: 0.3, write: 3.75 } }))).toBe(0.00567);
    expect(costOf({ ...tokens, input: 3 }, price({ input: 0.1, output: 0, cache: { read: 0, write: 0 } }))).toBe(3e-7);
    expect(costOf(tokens, price({ input: 0, output: 0, cache: { read: 0, write: 0 } }))).toBe(0);
  });

  it('takes the other prices for a long context', () => {
    const cost = { input: 1, output: 1, cache: { read: 0, write: 0 } };
    const model = price({ ...cost, experimentalOver200K: { ...cost, input: 2 } });
    expect(costOf({ ...tokens, input: 200_000, output: 0, reasoning: 0 }, model)).toBe(0.4);
    expect(costOf({ ...tokens, input: 199_000, output: 0, reasoning: 0 }, model)).toBe(0.199);
  });
});
