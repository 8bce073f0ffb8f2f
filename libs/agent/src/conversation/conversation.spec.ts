import type { AssistantMessage, MessageWithParts } from '#libs/contract';
import { isCompaction, isFinishedSummary, sinceCompaction } from './compaction.js';
import { orderTurns, upTo } from './order-turns.js';
import { prunableOutputs } from './prunable.js';

/** Numbers between 0 and 1 that are the same in each run. */
function randomNumbers(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A conversation as a session stores it: prompts, queued ones among them, answers, summaries good and bad. */
function conversation(seed: number): MessageWithParts[] {
  const random = randomNumbers(seed);
  const history: MessageWithParts[] = [];
  const waiting: string[] = [];
  const add = (info: object, ...parts: object[]) => {
    const id = `m${String(history.length).padStart(3, '0')}`;
    history.push({ info: { id, ...info }, parts } as unknown as MessageWithParts);
    return id;
  };
  const ask = () => waiting.push(add({ role: 'user' }, { type: 'text', text: 'x' }));
  const answer = (parentID: string) => {
    for (let step = Math.ceil(random() * 3); step > 0; step--) {
      if (random() < 0.2) ask();
      const error = random() < 0.1 ? { error: { name: 'APIError' } } : { finish: 'stop' };
      const output = 'x'.repeat(Math.round(random() * 60_000));
      const tool = {
        type: 'tool',
        tool: 'read',
        id: `p${history.length}`,
        state: { status: 'completed', output, time: {} },
      };
      add({ role: 'assistant', parentID, ...error }, { type: 'text', text: 'x' }, tool);
    }
    if (random() < 0.3) summarise();
  };
  const summarise = () => {
    const parentID = add({ role: 'user' }, { type: 'compaction', auto: true });
    const end = random() < 0.3 ? { error: { name: 'APIError' } } : random() < 0.8 ? { finish: 'stop' } : {};
    if (random() < 0.9) add({ role: 'assistant', parentID, summary: true, ...end }, { type: 'text', text: 'summary' });
  };
  for (let turn = Math.round(random() * 12); turn >= 0; turn--) {
    ask();
    for (let next = waiting.shift(); next; next = waiting.shift()) answer(next);
  }
  return history;
}

const idsOf = (history: readonly MessageWithParts[]) => history.map(({ info }) => info.id);

describe('any conversation', () => {
  it.each(Array.from({ length: 150 }, (_, seed) => seed))('number %i keeps its invariants', (seed) => {
    const stored = conversation(seed);
    const ordered = orderTurns(stored);
    // nothing is lost or told twice, and each answer follows its question
    expect(idsOf(ordered).toSorted()).toEqual(idsOf(stored).toSorted());
    let question = '';
    for (const { info } of ordered) {
      if (info.role === 'user') question = info.id;
      else expect(info.parentID).toBe(question);
    }

    // the model reads the newest summary and everything after it, but no attempt at one
    const read = sinceCompaction(ordered);
    const summary = ordered.findLastIndex(isFinishedSummary);
    const tried = new Set(idsOf(ordered.filter(isCompaction)));
    const after = ordered
      .slice(summary + 1)
      .filter(({ info }) => !tried.has(info.role === 'user' ? info.id : info.parentID));
    if (summary >= 0) {
      const made = ordered[summary]!.info as AssistantMessage;
      expect(idsOf(read)).toEqual([made.parentID, made.id, ...idsOf(after)]);
    } else expect(idsOf(read)).toEqual(idsOf(after));
    expect(sinceCompaction(read)).toEqual(read);

    // a question is answered with what was done before it
    for (const { info } of stored.filter(({ info }) => info.role === 'user')) {
      const before = upTo(stored, info.id);
      expect(before.some((message) => message.info.id === info.id)).toBe(true);
      expect(before.findLast((message) => message.info.role === 'user')?.info.id).toBe(info.id);
    }

    // pruning leaves the newest turns and 40,000 tokens, and is done once
    const pruned = new Set(prunableOutputs(stored).map(({ id }) => id));
    const newest = stored.filter(({ info }) => info.role === 'user').at(-2)?.info.id ?? '';
    for (const { info, parts } of stored)
      if (info.id > newest) for (const { id } of parts) expect(pruned.has(id)).toBe(false);
    const marked = stored.map(({ info, parts }) => ({
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
