import { rmdir, unlink } from 'node:fs/promises';
import { bytesOf, type QuotedPath, textOf } from './quoted-path.js';
import type { SnapshotRepository } from './snapshot-repository.js';
import { SnapshotError } from './snapshot.error.js';
import { type Change, changesBetween, sizesOf } from './tree-changes.js';
import { locationOf, statsOf, type WorkingTree } from './working-tree.js';

const NO_OBJECT = '0'.repeat(40);

/**
 * Makes files what they are in a tree; files that are not in it are deleted. What is not recorded in any snapshot
 * (ignored, too large) is never overwritten or deleted: it could not be brought back.
 *
 * @param current tree of the files as they are now
 * @param wanted paths from the worktree, with `/`; absent = every file of the instance
 * @returns the paths that had to be left as they are
 */
export async function restoreFiles(
  repository: SnapshotRepository,
  working: WorkingTree,
  current: string,
  target: string,
  wanted?: ReadonlySet<string>,
): Promise<string[]> {
  await needTree(repository, target);
  const changes = (await changesBetween(repository, current, target)).filter(
    ({ path }) => wanted === undefined || wanted.has(textOf(path)),
  );
  await needObjects(repository, changes, target);
  if (changes.length === 0) return [];
  return apply(repository, working, changes);
}

async function apply(repository: SnapshotRepository, working: WorkingTree, changes: Change[]): Promise<string[]> {
  const { worktree } = repository;
  const left: Change[] = [];
  const deleted: Change[] = [];
  const written: Change[] = [];
  for (const change of changes.filter(({ to }) => !to)) {
    const done = !working.tooLarge.has(change.path) && (await remove(worktree, change));
    (done ? deleted : left).push(change);
  }
  await removeEmptyFolders(repository, deleted);
  for (const change of changes.filter(({ to }) => to)) {
    const possible = !working.tooLarge.has(change.path) && (await hasRoom(worktree, change));
    (possible ? written : left).push(change);
  }
  const entries = [
    ...deleted.map(({ path }) => `0 ${NO_OBJECT}\t${path}\n`),
    ...written.map(({ path, to }) => `${to?.mode} ${to?.object}\t${path}\n`),
  ];
  await repository.run(['update-index', '--index-info'], { input: entries.join('') });
  const paths = written.map(({ path }) => `${path}\n`).join('');
  await repository.run(['checkout-index', '-q', '-f', '-u', '--stdin'], { input: paths });
  return left.map(({ path }) => textOf(path));
}

async function needTree(repository: SnapshotRepository, hash: string): Promise<void> {
  const found = await repository.run(['cat-file', '--batch-check=%(objecttype)'], { input: `${hash}\n` });
  if (found.trim() !== 'tree') throw missing(hash);
}

/** Nothing is changed unless all can be. */
async function needObjects(repository: SnapshotRepository, changes: readonly Change[], hash: string): Promise<void> {
  const objects = new Set(changes.flatMap(({ to }) => (to ? [to.object] : [])));
  const stored = await sizesOf(repository, objects);
  if (stored.size < objects.size) throw missing(hash);
}

function missing(hash: string): SnapshotError {
  return new SnapshotError(
    'missing',
    `The snapshot ${hash} is not stored (any more): snapshots are kept for seven days. No file was changed.`,
  );
}

async function remove(worktree: string, { path }: Change): Promise<boolean> {
  const way = await wayTo(worktree, path);
  if (way !== 'clear') return way === 'absent';
  try {
    await unlink(locationOf(worktree, path));
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

/** Folders that the deleted files leave empty go too, up to the folder of the instance. */
async function removeEmptyFolders(repository: SnapshotRepository, deleted: readonly Change[]): Promise<void> {
  const { worktree, scope } = repository;
  const root = locationOf(worktree, Buffer.from(scope)).length;
  for (const { path } of deleted) {
    for (let folder = parentOf(locationOf(worktree, path)); folder.length > root; folder = parentOf(folder)) {
      const empty = await rmdir(folder).then(
        () => true,
        (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT',
      );
      if (!empty) break;
    }
  }
}

/** Whether a file can be written to its place without destroying something that is not recorded. */
async function hasRoom(worktree: string, { path, from }: Change): Promise<boolean> {
  const way = await wayTo(worktree, path);
  if (way !== 'clear') return way === 'absent';
  const stats = await statsOf(worktree, path);
  if (!stats) return true;
  if (!stats.isDirectory()) return from !== undefined;
  return rmdir(locationOf(worktree, path)).then(
    () => true,
    () => false,
  );
}

/** Whether all folders above a file are there, and are folders: behind a link is another place. */
async function wayTo(worktree: string, path: QuotedPath): Promise<'clear' | 'absent' | 'blocked'> {
  const bytes = bytesOf(path);
  for (let end = bytes.indexOf('/'); end >= 0; end = bytes.indexOf('/', end + 1)) {
    const stats = await statsOf(worktree, bytes.subarray(0, end));
    if (!stats) return 'absent';
    if (!stats.isDirectory()) return 'blocked';
  }
  return 'clear';
}

function parentOf(location: Buffer): Buffer {
  return location.subarray(0, location.lastIndexOf('/'));
}
