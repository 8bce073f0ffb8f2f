import { open, rm, stat, utimes } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** Only the user may read it. */
const PRIVATE = 0o600;
/** Milliseconds between two tries, at first and at most. */
const FIRST_PAUSE = 20;
const LAST_PAUSE = 250;
/** Milliseconds between two signs of life, and without one until a lock counts as left behind. */
const SIGN_OF_LIFE = 1_000;
const STALE = 5_000;

/**
 * Works while nobody else, in this process or another, works under the same lock: a file that is there meanwhile, in a
 * folder that exists.
 * @param signal gives up the wait
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  await acquire(path, signal);
  const alive = setInterval(() => {
    const now = new Date();
    void utimes(path, now, now).catch(() => undefined);
  }, SIGN_OF_LIFE).unref();
  try {
    return await work();
  } finally {
    clearInterval(alive);
    await rm(path, { force: true });
  }
}

async function acquire(path: string, signal: AbortSignal | undefined): Promise<void> {
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LAST_PAUSE)) {
    signal?.throwIfAborted();
    try {
      const handle = await open(path, 'wx', PRIVATE);
      return await handle.close();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > STALE) await rm(path, { force: true });
    else await delay(pause);
  }
}
