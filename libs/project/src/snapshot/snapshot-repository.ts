import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, realpath, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { Clock } from '#libs/extension';
import { type Instance, within } from '#libs/instance';
import { exists } from '../existing-path.js';
import type { SnapshotGit } from './snapshot-git.runner.js';
import { SnapshotError } from './snapshot.error.js';

/** Of every path: bytes go in and out as they are, whatever `.gitattributes` of the project say. */
const ATTRIBUTES = '* -text !eol -ident !filter !working-tree-encoding\n';

/** Milliseconds one operation may take, all its commands together. */
const OPERATION_TIME = 30_000;
/** Older than any living process could hold it. */
const STALE_LOCK = 2 * OPERATION_TIME;
const LOCK_RETRIES = 30;
const LOCK_PAUSE = 100;

/** Refs that keep snapshots from being cleaned up: `<day>/<tree>`. */
export const KEPT_REFS = 'refs/opencode/kept';
/** Refs that keep the contents of each index: `<key of the instance>`. */
export const INDEX_REFS = 'refs/opencode/index';
/** The private repository of a project. @param data of the server */
export const snapshotDirectory = (data: string, { project }: Instance): string => join(data, 'snapshot', project.id);
/** File names of the indexes: this and the key of the instance. */
export const INDEX_PREFIX = 'index-';

/**
 * The private repository of a project as one instance uses it: objects are shared by all checkouts of the project,
 * the index is the instance's own. One operation at a time.
 */
export class SnapshotRepository {
  readonly gitDirectory: string;
  readonly worktree: string;
  /** Directory of the instance seen from the worktree, with `/`; empty for the worktree itself. */
  scope = '';
  /** Path inside the worktree that must not be recorded: the data of the server itself. */
  ownData: string | undefined;
  private readonly key: string;
  private readonly index: string;
  private prepared = false;
  private until = 0;
  private kept = '';
  private packs: boolean | undefined;

  constructor(
    private readonly git: SnapshotGit,
    private readonly clock: Clock,
    private readonly instance: Instance,
    private readonly dataDirectory: string,
  ) {
    this.worktree = instance.worktree;
    this.gitDirectory = snapshotDirectory(dataDirectory, instance);
    this.key = createHash('sha256').update(instance.directory).digest('hex').slice(0, 16);
    this.index = join(this.gitDirectory, INDEX_PREFIX + this.key);
  }

  /** Begins an operation: its time runs from now; the repository exists afterwards. */
  async begin(): Promise<void> {
    this.until = this.clock.now() + OPERATION_TIME;
    if (this.prepared) return;
    const real = { worktree: await realpath(this.worktree), directory: await realpath(this.instance.directory) };
    // a directory named by way of a link is found in the worktree all the same
    if (!within(real.worktree, real.directory))
      throw new SnapshotError('failed', `${real.directory} is not inside its worktree ${real.worktree}`);
    this.scope = inside(real.worktree, real.directory);
    await this.create();
    const data = await realpath(this.dataDirectory);
    this.ownData = within(real.worktree, data) ? inside(real.worktree, data) : undefined;
    // the age of an index tells when it was last of use
    const now = new Date(this.clock.now());
    await utimes(this.index, now, now).catch(() => undefined);
    this.prepared = true;
  }

  /** Starts over with an empty index: this one is damaged, or misses objects. */
  async recover(): Promise<void> {
    await rm(this.index, { force: true });
    this.prepared = false;
    this.kept = '';
    await this.begin();
  }

  /** Changes with the index, whichever process writes it. */
  async indexStamp(): Promise<string> {
    return stampOf(this.index);
  }

  /** Runs git in the worktree with the private repository and index. */
  async run(args: readonly string[], options: { input?: string; cut?: number } = {}): Promise<string> {
    const { gitDirectory, worktree, index } = this;
    for (let attempt = 0; ; attempt++) {
      const timeout = this.until - this.clock.now();
      if (timeout <= 0) throw new SnapshotError('timeout', `A snapshot of ${worktree} took too long`);
      const repository = { gitDirectory, worktree, index };
      const command = { cwd: worktree, args, timeout, signal: this.instance.signal, repository, ...options };
      try {
        return await this.git.run(command);
      } catch (error) {
        if (!SnapshotError.is(error) || error.lock === undefined || attempt === LOCK_RETRIES) throw error;
        await this.removeStale(error.lock);
        await this.clock.sleep(LOCK_PAUSE);
      }
    }
  }

  /** Reads the repository of the person; undefined when git cannot. */
  async read(args: readonly string[]): Promise<string | undefined> {
    const timeout = this.until - this.clock.now();
    const command = { cwd: this.worktree, args, timeout, signal: this.instance.signal };
    return this.git.run(command).catch((error: unknown) => {
      if (SnapshotError.is(error) && error.reason === 'failed') return undefined;
      throw error;
    });
  }

  /** Whether git collects what one command adds in one pack; before 2.37 each file would get its own. */
  async writesPacks(): Promise<boolean> {
    if (this.packs === undefined) {
      const [, major = 0, minor = 0] = /(\d+)\.(\d+)/.exec((await this.read(['version'])) ?? '')?.map(Number) ?? [];
      this.packs = major > 2 || (major === 2 && minor >= 37);
    }
    return this.packs;
  }

  /** The arguments that limit a command to what belongs to the instance. */
  scopeArguments(): string[] {
    return this.scope === '' ? [] : ['--', this.scope];
  }

  /**
   * Protects a tree from the clean-up for its time, counted from today, and the contents of the index for as long as
   * the index is used: cleaning goes by the age of objects, and an unchanged file is not written anew.
   */
  async keep(tree: string): Promise<void> {
    const kept = `${KEPT_REFS}/${dayOf(this.clock.now())}/${tree}`;
    if (kept === this.kept) return;
    const input = `update ${kept} ${tree}\nupdate ${INDEX_REFS}/${this.key} ${tree}\n`;
    await this.run(['update-ref', '--stdin'], { input });
    this.kept = kept;
  }

  private async create(): Promise<void> {
    const { gitDirectory } = this;
    if (!(await exists(join(gitDirectory, 'HEAD')))) {
      await mkdir(dirname(gitDirectory), { recursive: true });
      // another instance may do the same at this moment: the first to move its folder into place wins
      const draft = `${gitDirectory}.${randomUUID()}`;
      await this.initialise((await exists(gitDirectory)) ? gitDirectory : draft);
      await rename(draft, gitDirectory).catch(() => rm(draft, { recursive: true, force: true }));
    }
    const attributes = join(gitDirectory, 'info', 'attributes');
    if ((await readFile(attributes, 'utf8').catch(() => '')) === ATTRIBUTES) return;
    await mkdir(dirname(attributes), { recursive: true });
    // in one step: another process may be recording, and would take half of them for all
    const draft = `${attributes}.${randomUUID()}`;
    await writeFile(draft, ATTRIBUTES);
    await rename(draft, attributes);
  }

  private async initialise(gitDirectory: string): Promise<void> {
    await this.git.run({
      cwd: this.worktree,
      // no template: it may bring hooks; bare: the worktree is named with each command
      args: ['init', '--quiet', '--bare', '--template=', gitDirectory],
      timeout: OPERATION_TIME,
      signal: this.instance.signal,
      repository: { gitDirectory },
    });
  }

  /** Removes what a dead process left behind. */
  private async removeStale(lock: string): Promise<void> {
    if (!within(this.gitDirectory, lock)) return;
    const stats = await stat(lock).catch(() => undefined);
    if (stats && this.clock.now() - stats.mtimeMs > STALE_LOCK) await rm(lock, { force: true });
  }
}

/** Changes when the file does: git replaces an index, it never writes into it. */
export async function stampOf(file: string): Promise<string> {
  const stats = await stat(file, { bigint: true }).catch(() => undefined);
  return stats ? `${stats.mtimeNs}:${stats.size}:${stats.ino}` : 'none';
}

/** The day of a time in UTC, as in names of refs. */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function inside(root: string, path: string): string {
  return relative(root, path).split(sep).join('/');
}
