import { Waiting } from './run/waiting.js';

/** Shows that work goes on, and for how long; on a terminal only. */
export async function whileWaiting<T>(work: Promise<T>): Promise<T> {
  const waiting = new Waiting();
  waiting.begin();
  try {
    return await work;
  } finally {
    waiting.pause();
  }
}
