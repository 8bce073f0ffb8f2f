import { constants, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { ForbiddenError, InvalidRequestError } from '#libs/contract';
import type { Instance } from '#libs/instance';
import { realPlaceOutside } from './real-path.js';

/** What the file system says when a path cannot lead to anything. */
const NOTHING_THERE: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'EISDIR']);

/**
 * Absolute form of a path that a client names relative to the directory; a leading `/` changes nothing.
 * Rejects with 403 when the path, or where a link on it leads, is outside the directory and its worktree.
 */
export async function projectPath(instance: Instance, path: string): Promise<string> {
  if (path.includes('\0')) throw new InvalidRequestError('A path cannot contain a NUL byte', { path });
  const absolute = join(instance.directory, path);
  const inside = instance.contains(absolute) && (await realPlaceOutside(instance, absolute)) === undefined;
  if (!inside) throw new ForbiddenError(`Access denied: ${path} is outside the project directory`);
  return absolute;
}

/** The result of `look`; undefined when there is nothing at the path, 403 when it must not be looked at. */
export async function ifThere<T>(path: string, look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (NOTHING_THERE.has(code)) return undefined;
    if (code === 'EACCES' || code === 'EPERM') throw new ForbiddenError(`Access denied: ${path} cannot be read`);
    throw error;
  }
}

/** Opens a file without ever waiting for the other end of a pipe, and tells what it is. */
export async function openFile(path: string): Promise<{ file: FileHandle; stats: Stats }> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return { file, stats: await file.stat() };
  } catch (error) {
    await file.close();
    throw error;
  }
}
