/** Tries to bring back a server that was lost. */
export const MAX_RESTARTS = 8;
/** Milliseconds a connection has to hold for the count to start anew. */
export const STEADY = 60_000;
/** Milliseconds between tries of one that was given up, when somebody needs it. */
export const PAUSE = 60_000;
const FIRST = 1_000;
const LONGEST = 30_000;

/** Milliseconds to wait before a try, counted from 0: none, then 1 s, 2 s, 4 s … 30 s. */
export function backOff(attempt: number): number {
  return attempt === 0 ? 0 : Math.min(FIRST * 2 ** (attempt - 1), LONGEST);
}
