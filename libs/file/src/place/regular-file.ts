import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';

/** What is at a path, links followed; undefined when nothing is. */
export async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Refuses pipes, sockets and devices: reading or writing them may never end. */
export function assertOrdinary(path: string, stats: Stats | undefined): void {
  if (stats && !stats.isFile() && !stats.isDirectory())
    throw new Error(`Not a regular file: ${path} is a pipe, socket or device. Use bash if you really need it.`);
}
