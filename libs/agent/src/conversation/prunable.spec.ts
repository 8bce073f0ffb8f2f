import type { MessageWithParts } from '#libs/contract';
import { prunableOutputs } from './prunable.js';

const user = { info: { role: 'user' }, parts: [{ type: 'text' }] } as unknown as MessageWithParts;
/** An answer with tool calls. @param outputs tokens of each */
const answer = (outputs: number[], { tool = 'read', compacted = false, summary = false } = {}) =>
  ({
    info: { role: 'assistant', finish: 'stop', ...(summary && { summary }) },
    parts: [
      { type: 'text', text: 'Done.' },
      ...outputs.map((tokens) => ({
        type: 'tool',
        id: String(tokens),
        tool,
        state: { status: 'completed', output: 'x'.repeat(tokens * 4), time: compacted ? { compacted: 1 } : {} },
      })),
    ],
  }) as unknown as MessageWithParts;
const found = (...history: MessageWithParts[]) => prunableOutputs(history).map(({ id }) => Number(id));

describe('prunableOutputs', () => {
  const newest = [user, answer([90_000]), user];

  it.each<[string, MessageWithParts[], number[]]>([
    ['keeps the two newest turns', [user, answer([10]), ...newest], []],
    ['keeps the first 40,000 tokens', [user, answer([20_001, 40_000]), ...newest], [20_001]],
    ['is not worth it for 20,000', [user, answer([20_000, 40_000]), ...newest], []],
    ['counts an output that goes beyond them whole', [user, answer([40_001]), ...newest], [40_001]],
    [
      'goes from the newest to the oldest',
      [user, answer([31, 30_000]), user, answer([29_000, 39_000]), ...newest],
      [29_000, 30_000, 31],
    ],
    ['leaves skills', [user, answer([50_000], { tool: 'skill' }), ...newest], []],
    ['stops at a summary', [user, answer([70_000]), answer([9], { summary: true }), ...newest], []],
    ['stops at one in the newest turn', [user, answer([70_000]), user, user, answer([], { summary: true })], []],
    ['stops at what was pruned', [user, answer([70_000]), answer([9], { compacted: true }), ...newest], []],
  ])('%s', (_, history, expected) => expect(found(...history)).toEqual(expected));
});
