import type { FileDiff, MessageWithParts, Part } from '#libs/contract';
import { joinedDiffs, rangeOf, summaryOf } from './snapshot-range.js';

const message = (parts: object[], diffs?: FileDiff[]) =>
  ({
    info: { role: diffs ? 'user' : 'assistant', ...(diffs && { summary: { diffs } }) },
    parts: parts as Part[],
  }) as MessageWithParts;
const diff = (file: string, status: FileDiff['status'], before = '', after = ''): FileDiff => ({
  file,
  before,
  after,
  additions: 2,
  deletions: 1,
  status,
});

describe('rangeOf', () => {
  it('goes from the first start to the last end that have a snapshot', () => {
    const history = [
      message([{ type: 'step-start' }, { type: 'step-finish' }]),
      message([
        { type: 'step-start', snapshot: 'a' },
        { type: 'step-finish', snapshot: 'b' },
      ]),
      message([
        { type: 'step-start', snapshot: 'b' },
        { type: 'step-finish', snapshot: 'c' },
      ]),
      message([{ type: 'step-start', snapshot: 'c' }]),
    ];
    expect(rangeOf(history)).toEqual({ from: 'a', to: 'c' });
    expect(rangeOf([])).toEqual({});
  });
});

describe('joinedDiffs', () => {
  it('puts the turns together', () => {
    const history = [
      message([], [diff('b', 'modified', '0', '1'), diff('new', 'added', '', 'x'), diff('short', 'added', '', 'y')]),
      message([]),
      message([], [diff('b', 'deleted', '1', ''), diff('a', 'added'), diff('short', 'deleted', 'y', '')]),
    ];
    expect(joinedDiffs(history)).toEqual([
      diff('a', 'added'),
      { file: 'b', before: '0', after: '', additions: 4, deletions: 2, status: 'deleted' },
      diff('new', 'added', '', 'x'),
    ]);
  });
});

describe('summaryOf', () => {
  it('adds up', () => {
    expect(summaryOf([diff('a', 'added'), diff('b', 'added')])).toEqual({ additions: 4, deletions: 2, files: 2 });
  });
});
