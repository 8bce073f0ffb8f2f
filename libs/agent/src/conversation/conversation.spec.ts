import type { AssistantMessage, MessageWithParts } from '#libs/contract';
import { isCompaction, isFinishedSummary, reachesSummary, sinceCompaction, upTo } from './compaction.js';
import { prunableOutputs } from './prunable.js';
import { RandomSession } from './random-session.fixture.js';

const idsOf = (history: readonly MessageWithParts[]) => history.map(({ info }) => info.id);

describe.each(Array.from({ length: 200 }, (_, seed) => seed))('any session, as number %i', (seed) => {
  const { stored: ordered, begun } = new RandomSession(seed);

  it('reads what was said before each prompt, from the newest summary on', () => {
    for (const { asked, stored, reads } of begun)
      // as it is read before its first answer: later messages change nothing about it
      for (const history of [stored, ordered])
        expect(idsOf(sinceCompaction(upTo(history, asked), asked))).toEqual(reads);
  });

  it('needs no more of the store than reaches the newest summary', () => {
    for (const { asked, stored, reads } of begun) {
      for (let size = 1; size <= stored.length; size++) {
        const end = stored.slice(-size);
        if (!reachesSummary(end) && size < stored.length) continue;
        expect(idsOf(sinceCompaction(upTo(end, asked), asked))).toEqual(reads);
        expect(idsOf(prunableParts(end))).toEqual(idsOf(prunableParts(stored)));
        break;
      }
    }
  });

  it('has no attempt at a summary in what is read, and is the same when read again', () => {
    const read = sinceCompaction(ordered);
    const summary = ordered.findLastIndex(isFinishedSummary);
    const tried = new Set(idsOf(ordered.filter(isCompaction)));
    const after = ordered
      .slice(summary + 1)
      .filter(({ info }) => !tried.has(info.role === 'user' ? info.id : info.parentID));
    const made = ordered[summary]?.info as AssistantMessage | undefined;
    expect(idsOf(read)).toEqual([...(made ? [made.parentID, made.id] : []), ...idsOf(after)]);
    expect(sinceCompaction(read)).toEqual(read);
  });

  it('is pruned behind its newest turns and 40,000 tokens, once', () => {
    const pruned = new Set(prunableOutputs(ordered).map(({ id }) => id));
    const newest = ordered.findLastIndex(
      ({ info }, index) =>
        info.role === 'user' && ordered.slice(index + 1).filter(({ info: { role } }) => role === 'user').length === 1,
    );
    for (const { parts } of ordered.slice(Math.max(newest, 0)))
      for (const { id } of parts) expect(pruned.has(id)).toBe(false);
    const marked = ordered.map(({ info, parts }) => ({
      info,
      parts: parts.map((part) =>
        part.type === 'tool' && part.state.status === 'completed' && pruned.has(part.id)
          ? { ...part, state: { ...part.state, time: { ...part.state.time, compacted: 1 } } }
          : part,
      ),
    }));
    expect(prunableOutputs(marked)).toEqual([]);
  });
});

/** Outputs to prune, as if they were messages. */
const prunableParts = (history: readonly MessageWithParts[]) =>
  prunableOutputs(history).map((part) => ({ info: { id: part.id } }) as unknown as MessageWithParts);
