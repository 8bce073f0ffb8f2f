import { relative, resolve, sep } from 'node:path';
import type { FileDiff } from '#libs/contract';
import type { Clock } from '#libs/extension';
import { textOf } from './quoted-path.js';
import { restoreFiles } from './restore-files.js';
import type { SnapshotRepository } from './snapshot-repository.js';
import { SnapshotError } from './snapshot.error.js';
import { changesBetween, fileDiffs, unifiedDiff } from './tree-changes.js';
import { WorkingTree } from './working-tree.js';

/** After so many failures in a row no more time is spent on it for a while. */
const MAX_FAILURES = 3;
const REST = 10 * 60_000;
const HASH = /^[0-9a-f]{40}$/;

/** The snapshots of one instance: one operation after the other. Rejects with a {@link SnapshotError}. */
export class InstanceSnapshots {
  private readonly working: WorkingTree;
  private last: Promise<unknown> = Promise.resolve();
  private failures = 0;
  private restUntil = 0;

  constructor(
    private readonly repository: SnapshotRepository,
    private readonly clock: Clock,
  ) {
    this.working = new WorkingTree(repository);
  }

  track(): Promise<string> {
    return this.inTurn(() => this.write());
  }

  changedFiles(from: string, to?: string): Promise<string[]> {
    return this.inTurn(async () => {
      const changes = await changesBetween(this.repository, valid(from), await this.end(to));
      return changes.map(({ path }) => this.absolute(textOf(path)));
    });
  }

  diff(from: string, to?: string): Promise<FileDiff[]> {
    return this.inTurn(async () => fileDiffs(this.repository, valid(from), await this.end(to)));
  }

  unifiedDiff(from: string, to?: string): Promise<string> {
    return this.inTurn(async () => unifiedDiff(this.repository, valid(from), await this.end(to)));
  }

  restore(hash: string, files?: readonly string[]): Promise<string[]> {
    const { worktree } = this.repository;
    const wanted = files && new Set(files.map((file) => relative(worktree, file).split(sep).join('/')));
    return this.inTurn(async () => {
      const left = await restoreFiles(this.repository, this.working, await this.writeOrMend(), valid(hash), wanted);
      return left.map((file) => this.absolute(file));
    });
  }

  /** When all that was begun is over. */
  async idle(): Promise<void> {
    await this.last;
  }

  private end(to: string | undefined): Promise<string> | string {
    return to === undefined ? this.write() : valid(to);
  }

  private absolute(file: string): string {
    return resolve(this.repository.worktree, file);
  }

  private async write(): Promise<string> {
    if (this.clock.now() < this.restUntil)
      throw new SnapshotError(
        'failed',
        `Snapshots of ${this.repository.worktree} failed repeatedly and rest for a while`,
      );
    try {
      const tree = await this.writeOrMend();
      this.failures = 0;
      return tree;
    } catch (error) {
      if (++this.failures >= MAX_FAILURES) {
        this.failures = 0;
        this.restUntil = this.clock.now() + REST;
      }
      throw error;
    }
  }

  private async writeOrMend(): Promise<string> {
    try {
      return await this.writeAndKeep();
    } catch (error) {
      if (!SnapshotError.is(error) || error.reason !== 'failed') throw error;
      await this.repository.recover();
      return await this.writeAndKeep();
    }
  }

  private async writeAndKeep(): Promise<string> {
    const tree = await this.working.write();
    await this.repository.keep(tree);
    return tree;
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.last.then(async () => {
      try {
        await this.repository.begin();
        return await work();
      } catch (error) {
        throw SnapshotError.is(error) ? error : new SnapshotError('failed', String(error));
      }
    });
    this.last = turn.catch(() => undefined);
    return turn;
  }
}

/** Hashes go into arguments of git. */
function valid(hash: string): string {
  if (HASH.test(hash)) return hash;
  throw new SnapshotError('missing', `${JSON.stringify(hash)} is no snapshot. No file was changed.`);
}
