import type { Message } from '#libs/contract';

/**
 * When the turns of messages began, in ms, so that a store lists them as they are given: ids made elsewhere need not be
 * in order.
 */
export function turnsInOrder(messages: readonly Pick<Message, 'id' | 'time'>[]): number[] {
  let previous: string | undefined;
  let turn = -Infinity;
  return messages.map(({ id, time }) => {
    if (previous === undefined || id <= previous) turn = Math.max(turn + 1, time.created);
    previous = id;
    return turn;
  });
}
