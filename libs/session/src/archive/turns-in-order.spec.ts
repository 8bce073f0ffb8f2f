import { turnsInOrder } from './turns-in-order.js';

/** As a store lists them. */
function listed(messages: { id: string; time: { created: number } }[]): string[] {
  const turns = turnsInOrder(messages);
  return messages
    .map(({ id }, index) => ({ id, turn: turns[index]! }))
    .sort((a, b) => a.turn - b.turn || (a.id < b.id ? -1 : 1))
    .map(({ id }) => id);
}

describe.each(Array.from({ length: 50 }, (_, seed) => seed))('messages from elsewhere, as number %i', (seed) => {
  let state = seed + 1;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const ids = Array.from({ length: random(20) }, (_, index) => `msg_${random(100)}_${index}`);
  const messages = ids.map((id) => ({ id, time: { created: random(3) } }));

  it('stay in their order', () => {
    expect(listed(messages)).toEqual(ids);
  });

  it('are one turn when their ids are in order', () => {
    const sorted = messages.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect(new Set(turnsInOrder(sorted))).toEqual(new Set(sorted.slice(0, 1).map(({ time }) => time.created)));
  });
});
