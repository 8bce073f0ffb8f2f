import { setTimeout as delay } from 'node:timers/promises';
import { Port } from '../boot/port.js';

/** Time, so that tests and hosts can steer waits. @publicApi */
export abstract class Clock extends Port {
  /** Milliseconds since the epoch. */
  abstract now(): number;
  /** Rejects when the signal aborts. */
  abstract sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** The default {@link Clock}. @publicApi */
export class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    await delay(milliseconds, undefined, { signal });
  }
}
