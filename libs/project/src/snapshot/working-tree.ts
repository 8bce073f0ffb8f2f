import type { BigIntStats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { bytesOf, linesOf, type QuotedPath, textOf } from './quoted-path.js';
import type { SnapshotRepository } from './snapshot-repository.js';
import { SnapshotError } from './snapshot.error.js';
import { UserIndex } from './user-index.js';

/** Bytes; a file above it is recorded only when the person has it under version control. */
const MAX_FILE_SIZE = 2 * 1024 * 1024;

/** Each batch is kept when time runs out in a later one, so that the next attempt gets further. */
const BATCH_FILES = 5_000;
const BATCH_BYTES = 128 * 1024 * 1024;
/** More files than this that git refuses are no matter of the files. */
const MAX_REFUSED = 40;
/** From so many files on one pack is written instead of a file for each object, which takes a tenth of the time. */
const PACK_FILES = 200;
const AS_PACK = ['-c', 'core.bigFileThreshold=1', '-c', 'pack.compression=1'];
const LOOK_AT_ONCE = 64;

interface Candidate {
  readonly path: QuotedPath;
  readonly size: number;
  /** Changes when the file does. */
  readonly identity: string;
}

/** Brings the private index up to date with the files and writes it as a tree. */
export class WorkingTree {
  /** Files that exist but are not recorded, being too large. */
  readonly tooLarge = new Set<QuotedPath>();
  private readonly user: UserIndex;
  /** Files handed to git, as they were then: one that turns up again unchanged was refused by git. */
  private tried = new Map<QuotedPath, string>();
  /** Under version control though ignore rules hide them: git does not list them when they are new to the index. */
  private hidden = new Set<QuotedPath>();
  /** Those of them that did not exist when last looked at. */
  private absent = new Set<QuotedPath>();
  /** The last tree, and the index that it was written from. */
  private tree: { readonly hash: string; readonly index: string } | undefined;
  private leftIndex = '';
  private refused = 0;

  constructor(private readonly repository: SnapshotRepository) {
    this.user = new UserIndex(repository);
  }

  /** Hash of the tree of all files as they are now. */
  async write(): Promise<string> {
    const { repository } = this;
    // changed by a restore or another process: files may have to be handed to git once more
    if ((await repository.indexStamp()) !== this.leftIndex) this.tried.clear();
    const candidates = await this.candidates();
    if (candidates.length === 0 && this.tree?.index === (await repository.indexStamp())) return this.tree.hash;
    this.refused = 0;
    let refresh = true;
    for (const batch of batches(candidates)) {
      await this.add(batch, refresh);
      refresh = false;
    }
    // before it is written: another process may change the index right after, and that must be noticed
    const index = await repository.indexStamp();
    const hash = (await repository.run(['write-tree'])).trim();
    this.tree = { hash, index };
    this.leftIndex = await repository.indexStamp();
    return hash;
  }

  private async candidates(): Promise<Candidate[]> {
    const { repository, user } = this;
    const listed = new Set(linesOf(await repository.run(await user.listing(['-o', '-m']))));
    const hidden = await user.hidden();
    if (hidden) this.hidden = new Set(hidden);
    const unlisted = hidden ?? this.absent;
    this.absent = new Set();
    const found: Candidate[] = [];
    const directories: QuotedPath[] = [];
    this.tooLarge.clear();
    const before = this.tried;
    this.tried = new Map();
    const own = repository.ownData;
    const look = async (path: QuotedPath) => {
      // another repository inside this one is its own business
      if (path.endsWith('/') || path.endsWith('/"')) return;
      if (own !== undefined && (own === '' || textOf(path).startsWith(`${own}/`))) return;
      const stats = await statsOf(repository.worktree, path);
      if (stats?.isDirectory()) {
        if (listed.has(path)) directories.push(path);
        return;
      }
      if (!stats && this.hidden.has(path)) this.absent.add(path);
      if (!stats && !listed.has(path)) return;
      const candidate = { path, size: Number(stats?.size ?? 0), identity: identityOf(stats) };
      if (stats && before.get(path) === candidate.identity) return void this.tried.set(path, candidate.identity);
      if (candidate.size > MAX_FILE_SIZE && !(await user.has(path))) return void this.tooLarge.add(path);
      found.push(candidate);
    };
    await eachOf([...new Set([...listed, ...unlisted])], look);
    if (directories.length > 0) {
      // what was a file is a directory now
      await repository.run(['update-index', '--force-remove', '--stdin'], { input: asInput(directories) });
    }
    return found;
  }

  /** @param refresh also note the new times of files that were touched without being changed */
  private async add(batch: readonly Candidate[], refresh: boolean): Promise<void> {
    const packed = batch.length >= PACK_FILES && (await this.repository.writesPacks());
    const options = ['-q', ...(refresh ? ['--refresh'] : []), '--add', '--remove', '--replace', '--stdin'];
    const args = [...(packed ? AS_PACK : []), 'update-index', ...options];
    try {
      await this.repository.run(args, { input: asInput(batch.map(({ path }) => path)) });
    } catch (error) {
      if (!SnapshotError.is(error) || error.reason !== 'failed') throw error;
      // a file that cannot be read must not keep the others from being recorded: find it
      if (batch.length > 1) {
        const middle = Math.ceil(batch.length / 2);
        await this.add(batch.slice(0, middle), false);
        await this.add(batch.slice(middle), false);
        return;
      }
      if (++this.refused > MAX_REFUSED) throw error;
    }
    for (const { path, identity } of batch) this.tried.set(path, identity);
  }
}

/** What is at a path of the worktree, links not followed; undefined for nothing. */
export async function statsOf(worktree: string, path: QuotedPath | Buffer): Promise<BigIntStats | undefined> {
  return lstat(locationOf(worktree, path), { bigint: true }).catch(() => undefined);
}

/** The place of a file as bytes: names need not be UTF-8. */
export function locationOf(worktree: string, path: QuotedPath | Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${worktree}/`), typeof path === 'string' ? bytesOf(path) : path]);
}

/** Runs `work` for each item, some at a time. */
async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const worker = async () => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: LOOK_AT_ONCE }, worker));
}

function asInput(paths: readonly QuotedPath[]): string {
  return paths.map((path) => `${path}\n`).join('');
}

function identityOf(stats: BigIntStats | undefined): string {
  return stats ? `${stats.mtimeNs}:${stats.ctimeNs}:${stats.size}` : 'gone';
}

function* batches(candidates: readonly Candidate[]): Generator<Candidate[]> {
  let batch: Candidate[] = [];
  let bytes = 0;
  for (const candidate of candidates) {
    batch.push(candidate);
    bytes += candidate.size;
    if (batch.length < BATCH_FILES && bytes < BATCH_BYTES) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}
