import type { TokenUsage } from '#libs/contract';
import { type ContextLimitOptions, isContextFull, usableContext } from './context-limit.js';

const MAX = { outputTokenMax: 32_000 };
const tokens = (total: number | undefined, more: Partial<TokenUsage> = {}): TokenUsage => ({
  ...(total !== undefined && { total }),
  input: 0,
  output: 0,
  reasoning: 0,
  cache: { read: 0, write: 0 },
  ...more,
});

describe('usableContext', () => {
  it.each<[string, { context: number; input?: number; output: number }, ContextLimitOptions, number | undefined]>([
    ['leaves room for an answer', { context: 30_000, output: 4_096 }, MAX, 25_904],
    ['leaves at most the room that is asked for', { context: 200_000, output: 64_000 }, MAX, 168_000],
    ['takes an unknown output limit for the largest', { context: 100_000, output: 0 }, MAX, 68_000],
    ['follows the host', { context: 100_000, output: 64_000 }, { outputTokenMax: 1_000 }, 99_000],
    ['keeps 20,000 tokens of an input limit free', { context: 400_000, input: 272_000, output: 128_000 }, MAX, 252_000],
    ['or the answer, if that is less', { context: 400_000, input: 272_000, output: 8_000 }, MAX, 264_000],
    ['or what is configured', { context: 400_000, input: 272_000, output: 8_000 }, { ...MAX, reserved: 0 }, 272_000],
    ['ignores what is configured without one', { context: 30_000, output: 4_096 }, { ...MAX, reserved: 9 }, 25_904],
    ['knows no limit', { context: 0, output: 0 }, MAX, undefined],
  ])('%s', (_, limit, options, expected) => expect(usableContext(limit, options)).toBe(expected));
});

describe('isContextFull', () => {
  const limit = { context: 30_000, output: 4_096 };
  it.each([
    [tokens(25_903), false],
    [tokens(25_904), true],
    [tokens(undefined, { input: 20_000, output: 5_000, cache: { read: 900, write: 4 } }), true],
    [tokens(undefined, { input: 20_000, output: 5_000, reasoning: 9_000, cache: { read: 900, write: 3 } }), false],
  ])('%j: %s', (used, expected) => expect(isContextFull(used, limit, MAX)).toBe(expected));
  it('never without a limit', () => expect(isContextFull(tokens(1e9), { context: 0, output: 0 }, MAX)).toBe(false));
});
