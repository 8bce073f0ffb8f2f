import { lstat, readdir } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { inTime } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { each } from '../each.js';
import { IgnoreRules } from '../list/ignore-rules.js';
import { slashes } from '../place/slashes.js';
import { TreeWatcher } from '../watch/tree-watcher.js';
import { FileNames } from './file-names.js';
import type { NameScanner } from './name-scanner.service.js';

/** Milliseconds a query waits for a new look at everything when there is an older one to answer from. */
const PATIENCE = 500;
/** Changed paths that are looked at one by one; with more everything is listed anew. */
const MAX_CHANGED = 1_000;
/** What they say decides about many files. */
const RULES: ReadonlySet<string> = new Set(['.gitignore', '.ignore', '.rgignore', '.git']);

/** What happened to a file. */
export interface FileChange {
  /** Relative to the directory of the instance, with `/`. */
  path: string;
  event: 'add' | 'change' | 'unlink';
}

export interface NameIndexOptions {
  /** False: everything is listed anew for each question. */
  watch: boolean;
  /** Told what happened since the last time; without it writing to files is not noted. */
  onChanges?: (changes: FileChange[]) => void;
  /** Something happened, and {@link NameIndex.current} would tell what. */
  onStale?: () => void;
  /** Why nothing is watched. */
  onUnwatched: (error: Error) => void;
}

/**
 * The names of the files of one directory. They are listed once; then a watcher notes which paths something happened
 * to, and the next question looks at those. Where nothing can be watched, everything is listed anew.
 */
export class NameIndex {
  private names = new FileNames();
  private listed = false;
  private everything = true;
  /** What happened since the last look, the weightier of it. */
  private changed = new Map<string, 'entry' | 'content'>();
  private queue: Promise<void> = Promise.resolve();
  private readonly watcher: TreeWatcher;
  private listing = false;
  private readonly first = Promise.withResolvers<void>();
  private closed = false;

  constructor(
    private readonly instance: Instance,
    private readonly scanner: NameScanner,
    private readonly options: NameIndexOptions,
  ) {
    this.watcher = new TreeWatcher(instance.directory, {
      onEvent: (path, kind) => {
        if (kind === 'content' && !options.onChanges && !RULES.has(basename(path))) return;
        if (path === '' || this.changed.size >= MAX_CHANGED) this.everything = true;
        else if (this.changed.get(path) !== 'entry') this.changed.set(path, kind);
        options.onStale?.();
      },
      onFailure: options.onUnwatched,
    });
  }

  /** The names as they are now. */
  async current(): Promise<FileNames> {
    // what the system has to tell of files that were changed before this question is told in this turn
    await turn();
    const fresh = (this.queue = this.queue.catch(() => undefined).then(() => this.refresh()));
    // a list that cannot be made anew is as good as an older one
    const settled = fresh.catch(() => undefined);
    if (!this.listed) await Promise.race([fresh, this.first.promise]);
    else await inTime(settled, { milliseconds: PATIENCE }).catch(() => (this.listing ? undefined : settled));
    return this.names;
  }

  close(): void {
    this.closed = true;
    this.watcher.close();
    this.names = new FileNames();
  }

  private get watched(): boolean {
    return this.options.watch && this.watcher.works;
  }

  private async refresh(): Promise<void> {
    if (this.closed) return;
    if (this.everything || !this.watched) return this.list();
    if (this.changed.size === 0) return;
    const changed = this.changed;
    this.changed = new Map();
    try {
      await this.look(changed);
    } catch (error) {
      // part of it may have been seen: start over
      this.everything = true;
      throw error;
    }
  }

  /** Lists everything, and once more when it is watched: what came or went meanwhile was not seen. */
  private async list(): Promise<void> {
    this.listing = true;
    this.everything = false;
    this.changed = new Map();
    this.watcher.close();
    try {
      this.replace(await this.scanner.files(this.instance));
      if (!this.watched) return;
      await this.watch(['', ...this.names.directories.all.map((path) => path.slice(0, -1))]);
      this.replace(await this.scanner.files(this.instance));
    } catch (error) {
      this.everything = true;
      throw error;
    } finally {
      this.listing = false;
    }
  }

  private replace(files: readonly string[]): void {
    const before = this.names.files.all;
    const names = new FileNames();
    for (const path of files) names.addFile(path);
    this.names = names;
    if (this.options.onChanges && this.listed) this.tell(difference(before, files));
    this.listed = true;
    this.first.resolve();
  }

  /** Looks at paths to which something happened. */
  private async look(happened: ReadonlyMap<string, 'entry' | 'content'>): Promise<void> {
    const paths = [...happened.keys()];
    if (paths.some((path) => RULES.has(basename(path)))) return this.list();
    const known = this.names.files.among(new Set(paths));
    const rules = this.rules();
    const changes: FileChange[] = [];
    const gone = new Set<string>();
    const directories: string[] = [];
    await each(paths, async (path) => {
      const stats = await lstat(join(this.instance.directory, path)).catch(() => undefined);
      if (stats?.isDirectory() && happened.get(path) === 'content') return;
      if (stats?.isFile()) {
        if (known.has(path)) changes.push({ path, event: 'change' });
        else if (!(await this.ignored(rules, path, false))) changes.push({ path, event: 'add' });
        return;
      }
      // what was a directory may be another one of that name now
      if (known.has(path) || this.names.hasDirectory(path) || this.watcher.has(path)) gone.add(path);
      if (stats?.isDirectory() && !(await this.ignored(rules, path, true))) directories.push(path);
    });
    if (gone.size > 0) changes.push(...this.forget(gone));
    const added = changes.filter(({ event }) => event === 'add').map(({ path }) => path);
    for (const path of added) this.names.addFile(path);
    if (directories.length > 0) changes.push(...(await this.enter(directories)));
    this.tell(changes);
  }

  /** Files and directories that are not there any more. */
  private forget(gone: ReadonlySet<string>): FileChange[] {
    for (const path of gone) this.watcher.remove(path);
    const files = this.names.remove((path) => isUnder(path, gone));
    return files.map((path) => ({ path, event: 'unlink' }));
  }

  /** Directories that are new: listed when they are watched. */
  private async enter(directories: readonly string[]): Promise<FileChange[]> {
    await this.watch(directories);
    const files = await this.scanner.files(this.instance, directories);
    const known = this.names.files.among(new Set(files));
    const added = [...new Set(files)].filter((path) => !known.has(path));
    for (const path of added) this.names.addFile(path);
    return added.map((path) => ({ path, event: 'add' }));
  }

  /** Watches directories and those in them that are not ignored: the list of files does not have the empty ones. */
  private async watch(directories: readonly string[]): Promise<void> {
    const rules = this.rules();
    for (let next = [...directories]; next.length > 0 && this.watched && !this.closed;) {
      const inside: string[] = [];
      await each(next, async (directory) => {
        if (this.closed || this.watcher.has(directory)) return;
        this.watcher.add(directory);
        for (const name of await directoriesIn(join(this.instance.directory, directory)))
          inside.push(directory === '' ? name : `${directory}/${name}`);
      });
      const asked = new Set(next);
      next = [];
      await each(inside, async (path) => {
        if (asked.has(path) || this.watcher.has(path) || (await this.ignored(rules, path, true))) return;
        next.push(path);
      });
    }
  }

  private tell(changes: FileChange[]): void {
    if (changes.length > 0) this.options.onChanges?.(changes);
  }

  private rules(): IgnoreRules {
    const { project, worktree, directory } = this.instance;
    return project.vcs === 'git' ? new IgnoreRules(worktree, true) : new IgnoreRules(directory, false);
  }

  private async ignored(rules: IgnoreRules, path: string, directory: boolean): Promise<boolean> {
    if (path === '.git' || path.startsWith('.git/') || path.includes('/.git/')) return true;
    const { project, worktree } = this.instance;
    const above = project.vcs === 'git' ? slashes(relative(worktree, this.instance.directory)) : '';
    return rules.ignores(above === '' ? path : `${above}/${path}`, directory);
  }
}

async function directoriesIn(directory: string): Promise<string[]> {
  // it may be gone already
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory() && entry.name !== '.git').map(({ name }) => name);
}

function difference(before: readonly string[], after: readonly string[]): FileChange[] {
  const [old, now] = [new Set(before), new Set(after)];
  const added = after.filter((path) => !old.has(path)).map((path): FileChange => ({ path, event: 'add' }));
  return [...added, ...before.filter((path) => !now.has(path)).map((path): FileChange => ({ path, event: 'unlink' }))];
}

/** Whether a path or a directory on the way to it is one of these; asked of every file. */
function isUnder(path: string, these: ReadonlySet<string>): boolean {
  if (these.has(path)) return true;
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1))
    if (these.has(path.slice(0, end))) return true;
  return false;
}
