import { closeSync, openSync, rmSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';

/** Only the user may use it. */
const PRIVATE = 0o600;
/** Milliseconds between two tries, at first and at most. */
const FIRST_PAUSE = 20;
const LAST_PAUSE = 250;
/** Milliseconds to wait at most: an installation takes minutes, and others may be before it. */
const LIMIT = 15 * 60_000;
/** The first byte of what SQLite says when somebody else holds a lock. */
const BUSY = 5;

/**
 * Works while nobody else, in this process or another, works under the same lock: a file that is there meanwhile, in a
 * folder that is made when need be. The system takes the lock from a process that ends, however that happens, and never
 * from one that is slow, stopped or asleep: it is a lock of SQLite, the one thing that Node brings along that can lock a
 * file.
 * @param signal gives up the wait
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const lock = await acquire(path, signal);
  try {
    return await work();
  } finally {
    // before it is let go: whoever waits for this file notices, and makes a new one
    removeQuietly(path);
    lock.close();
  }
}

async function acquire(path: string, signal: AbortSignal | undefined): Promise<DatabaseSync> {
  const { DatabaseSync } = await import('node:sqlite');
  await mkdir(dirname(path), { recursive: true });
  for (;;) {
    signal?.throwIfAborted();
    createPrivately(path);
    const file = identityOf(path);
    const lock = new DatabaseSync(path);
    try {
      // nothing is ever written: the file stays empty and needs no journal
      lock.exec('PRAGMA journal_mode = MEMORY');
      const until = Date.now() + LIMIT;
      for (let pause = FIRST_PAUSE; !isTaken(lock); pause = Math.min(pause * 2, LAST_PAUSE)) {
        if (Date.now() > until) throw new Error(`Another process holds ${path} and goes on for too long: end it`);
        await delay(pause);
        signal?.throwIfAborted();
      }
      // not a file that the one before removed when it was done
      if (file !== undefined && identityOf(path) === file) return lock;
    } catch (error) {
      lock.close();
      throw error;
    }
    lock.close();
  }
}

function isTaken(lock: DatabaseSync): boolean {
  try {
    lock.exec('BEGIN IMMEDIATE');
    return true;
  } catch (error) {
    if (((error as { errcode?: number }).errcode ?? 0) % 256 === BUSY) return false;
    throw error;
  }
}

function createPrivately(path: string): void {
  try {
    // of no file that is there: closing that would take away the lock that this process may have on it
    closeSync(openSync(path, 'wx', PRIVATE));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Of the file that is at a path now. */
function identityOf(path: string): string | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats && `${stats.dev}:${stats.ino}:${stats.birthtimeNs}`;
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // where open files cannot be removed it stays; it is locked all the same
  }
}
