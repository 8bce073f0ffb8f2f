import { type Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReadTrail } from '../reload/read-trail.js';

/** Levels of folders that are looked through. */
const MAX_DEPTH = 8;
/** Folders of packages and repositories, large and never meant. */
const SKIPPED = new Set(['node_modules', '.git']);

/**
 * Paths of the files below a folder, in the order of their names, links followed; none when there is no such folder.
 * Rejects when the folder is there and cannot be listed.
 */
export async function filesBelow(
  root: string,
  isWanted: (name: string) => boolean,
  trail: ReadTrail,
): Promise<string[]> {
  const found: string[] = [];
  const visited = new Set<string>();
  const visit = async (folder: string, depth: number): Promise<void> => {
    await trail.note(folder);
    for (const entry of await entriesOf(folder)) {
      const path = join(folder, entry.name);
      const kind = await kindOf(entry, path);
      if (kind === 'file' && isWanted(entry.name)) found.push(path);
      if (kind !== 'folder' || depth >= MAX_DEPTH || SKIPPED.has(entry.name)) continue;
      // a link may lead back to where it is
      const real = entry.isSymbolicLink() ? await realpath(path) : path;
      if (visited.has(real)) continue;
      visited.add(real);
      await visit(path, depth + 1);
    }
  };
  await visit(root, 1);
  return found.sort();
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}

async function kindOf(entry: Dirent, path: string): Promise<'file' | 'folder' | undefined> {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  if (!entry.isSymbolicLink()) return undefined;
  const stats = await stat(path).catch(() => undefined);
  return stats?.isFile() ? 'file' : stats?.isDirectory() ? 'folder' : undefined;
}
