import type { Message } from '#libs/contract';

/**
 * When a new turn begins: `now`, but never before the message it follows, because turns are listed by time: the clock
 * may have been set back, and the client that made its id may have another one.
 */
export function timeBehind(previous: Pick<Message, 'id' | 'time'> | undefined, id: string, now: number): number {
  if (!previous) return now;
  // of two messages with the same time the one with the smaller id comes first
  return Math.max(now, previous.time.created + (id < previous.id ? 1 : 0));
}
