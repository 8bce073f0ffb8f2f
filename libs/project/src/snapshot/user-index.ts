import { access, constants } from 'node:fs/promises';
import { resolve } from 'node:path';
import { linesOf, type QuotedPath } from './quoted-path.js';
import { type SnapshotRepository, stampOf } from './snapshot-repository.js';

interface Tracked {
  readonly stamp: string;
  /** Every tracked file; asked for when it matters only. */
  all?: Promise<ReadonlySet<QuotedPath>>;
}

/** What the repository of the person says about files. It is read, never written. */
export class UserIndex {
  private file = '';
  private ignoreArguments: { readonly git: string[]; readonly list: string[] } | undefined;
  private tracked: Tracked = { stamp: '' };
  private hiddenStamp = '';

  constructor(private readonly repository: SnapshotRepository) {}

  /** A `ls-files` command that follows the ignore rules of the person, not only those of the project. */
  async listing(args: readonly string[]): Promise<string[]> {
    this.ignoreArguments ??= await this.readIgnoreFiles();
    const { git, list } = this.ignoreArguments;
    return [...git, 'ls-files', ...args, ...list, '--exclude-standard', ...this.repository.scopeArguments()];
  }

  /** Whether the person put this file under version control. */
  async has(path: QuotedPath): Promise<boolean> {
    const stamp = await stampOf(this.file);
    if (this.tracked.stamp !== stamp || !this.tracked.all) this.tracked = { stamp, all: this.readAll() };
    return (await this.tracked.all)?.has(path) ?? false;
  }

  /** Files under version control that ignore rules would hide; undefined when nothing changed since the last call. */
  async hidden(): Promise<QuotedPath[] | undefined> {
    const stamp = await stampOf(this.file);
    if (this.hiddenStamp === stamp) return undefined;
    const args = ['ls-files', '-c', '-i', '--exclude-standard', ...this.repository.scopeArguments()];
    const listed = await this.repository.read(args);
    this.hiddenStamp = stamp;
    return linesOf(listed ?? '');
  }

  private async readAll(): Promise<ReadonlySet<QuotedPath>> {
    const listed = await this.repository.read(['ls-files', ...this.repository.scopeArguments()]);
    return new Set(linesOf(listed ?? ''));
  }

  private async readIgnoreFiles(): Promise<{ git: string[]; list: string[] }> {
    const { repository } = this;
    const places = linesOf(
      (await repository.read(['rev-parse', '--git-path', 'index', '--git-path', 'info/exclude'])) ?? '',
    );
    // a line break in a path makes more lines: then neither is known
    const [index, exclude] = places.length === 2 ? places.map((path) => resolve(repository.worktree, path)) : [];
    this.file = index ?? '';
    const own = linesOf((await repository.read(['config', '--type=path', 'core.excludesFile'])) ?? '')[0];
    return {
      git: own ? ['-c', `core.excludesFile=${own}`] : [],
      list: exclude !== undefined && (await readable(exclude)) ? [`--exclude-from=${exclude}`] : [],
    };
  }
}

async function readable(file: string): Promise<boolean> {
  return access(file, constants.R_OK).then(
    () => true,
    () => false,
  );
}
