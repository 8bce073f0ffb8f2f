import { Injectable, Logger } from '@nestjs/common';
import type { FileDiff } from '#libs/contract';
import { Clock, Environment } from '#libs/extension';
import { type Instance, InstanceState, InstanceStore } from '#libs/instance';
import { CLEAN_UP_INTERVAL, cleanUp } from './clean-up.js';
import { InstanceSnapshots } from './instance-snapshots.js';
import { SnapshotGit } from './snapshot-git.runner.js';
import { snapshotDirectory, SnapshotRepository } from './snapshot-repository.js';
import { SnapshotError } from './snapshot.error.js';

/** Of one instance: at most one clean-up at a time, beside the other operations. */
interface CleanUps {
  readonly timer: NodeJS.Timeout;
  running: Promise<void>;
}

/**
 * Remembers what the files of an instance were, and brings them back. Snapshots are trees in a git directory of the
 * server's own: the repository of the person is read for its ignore rules and never written. Everything below the
 * directory of the instance is recorded, except what is ignored, other repositories inside, and files above 2 MiB
 * that are not under version control.
 *
 * Where there is no git it records nothing and says so with empty answers; whether snapshots are wanted
 * (configuration) is up to the caller. Operations of one instance run one after the other.
 */
@Injectable()
export class SnapshotService {
  private readonly log = new Logger(SnapshotService.name);
  private readonly snapshots = new InstanceState<InstanceSnapshots>(
    (instance) => {
      const data = this.environment.paths.data;
      return new InstanceSnapshots(new SnapshotRepository(this.git, this.clock, instance, data), this.clock);
    },
    (snapshots) => snapshots.idle(),
  );
  private readonly cleanUps = new InstanceState<CleanUps>(
    (instance) => this.startCleaning(instance),
    async ({ timer, running }) => {
      clearInterval(timer);
      await running;
    },
  );

  constructor(
    private readonly git: SnapshotGit,
    private readonly environment: Environment,
    private readonly clock: Clock,
    instances: InstanceStore,
  ) {
    instances.booted$.subscribe((instance) => {
      if (this.available(instance)) this.cleanUps.get(instance);
    });
  }

  /** Whether files of this instance can be recorded: it is in a git checkout. */
  available(instance: Instance): boolean {
    return instance.project.vcs === 'git' && instance.worktree !== '/';
  }

  /**
   * Records the files as they are now.
   * @returns the hash of the snapshot; undefined when none can be taken (no git, too slow, disk full; it is logged)
   */
  track(instance: Instance): Promise<string | undefined> {
    return this.attempt(instance, (snapshots) => snapshots.track(), undefined);
  }

  /** Absolute paths of the files that differ between a snapshot and a second one, or the files as they are now. */
  changedFiles(instance: Instance, from: string, to?: string): Promise<string[]> {
    return this.attempt(instance, (snapshots) => snapshots.changedFiles(from, to), []);
  }

  /** What differs between a snapshot and a second one, or the files as they are now; renames are two changes. */
  diff(instance: Instance, from: string, to?: string): Promise<FileDiff[]> {
    return this.attempt(instance, (snapshots) => snapshots.diff(from, to), []);
  }

  /** {@link diff} as one patch of at most 2 Mi characters. */
  unifiedDiff(instance: Instance, from: string, to?: string): Promise<string> {
    return this.attempt(instance, (snapshots) => snapshots.unifiedDiff(from, to), '');
  }

  /**
   * Makes each of the files what it was in the snapshot: content, executable bit, link. Files that did not exist
   * then are deleted, with the folders that become empty. Other files stay as they are.
   *
   * @param files absolute paths, as {@link changedFiles} gives them
   * @returns those of the files that were left as they are, because something that no snapshot holds is in the way
   * @throws SnapshotError with reason `missing` and no file changed when the snapshot is gone; other reasons when git
   *   fails
   */
  restore(instance: Instance, hash: string, files: readonly string[]): Promise<string[]> {
    return this.bringBack(instance, hash, files);
  }

  /** {@link restore} for every file: afterwards the files are exactly those of the snapshot. */
  restoreAll(instance: Instance, hash: string): Promise<string[]> {
    return this.bringBack(instance, hash);
  }

  private async bringBack(instance: Instance, hash: string, files?: readonly string[]): Promise<string[]> {
    if (!this.available(instance) || files?.length === 0) return [];
    if (instance.signal.aborted) throw new SnapshotError('ended', `Instance ${instance.directory} is being disposed`);
    const left = await this.snapshots.get(instance).restore(hash, files);
    if (left.length > 0) this.log.warn(`Left as they are, not being recorded: ${left.join(', ')}`);
    return left;
  }

  private async attempt<T>(
    instance: Instance,
    work: (snapshots: InstanceSnapshots) => Promise<T>,
    otherwise: T,
  ): Promise<T> {
    if (!this.available(instance) || instance.signal.aborted) return otherwise;
    try {
      return await work(this.snapshots.get(instance));
    } catch (error) {
      this.report(error);
      return otherwise;
    }
  }

  private startCleaning(instance: Instance): CleanUps {
    const gitDirectory = snapshotDirectory(this.environment.paths.data, instance);
    const clean = () =>
      cleanUp(this.git, this.clock, gitDirectory, instance.signal).catch((error: unknown) => this.report(error));
    const timer = setInterval(() => {
      cleanUps.running = cleanUps.running.then(clean);
    }, CLEAN_UP_INTERVAL).unref();
    const cleanUps: CleanUps = { timer, running: clean() };
    return cleanUps;
  }

  private report(error: unknown): void {
    if (SnapshotError.is(error) && error.reason === 'ended') return;
    this.log.warn(error instanceof Error ? error.message : String(error));
  }
}
