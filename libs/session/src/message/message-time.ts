import type { Message } from '#libs/contract';

/**
 * When a new message was created: `now`, but never before the message it follows, because messages are listed by time
 * and the clock of the client that made the earlier id may be ahead.
 */
export function timeBehind(previous: Pick<Message, 'id' | 'time'> | undefined, id: string, now: number): number {
  if (!previous) return now;
  // of two messages with the same time the one with the smaller id comes first
  return Math.max(now, previous.time.created + (id < previous.id ? 1 : 0));
}
