import { type FSWatcher, watch } from 'node:fs';
import { platform } from 'node:os';
import { join, posix } from 'node:path';
import { slashes } from '../place/slashes.js';

/** Directories that are watched at most; systems have a limit for all their programs together. */
const MAX_DIRECTORIES = 20_000;

/** There, where the system itself watches a whole tree, one watch is enough. */
const WHOLE_TREES: ReadonlySet<string> = new Set(['darwin', 'win32']);

export interface TreeListener {
  /** @param path relative to the root with `/`; `entry`: it came or went, `content`: it was written to. */
  onEvent: (path: string, kind: 'entry' | 'content') => void;
  /** From now on nothing is watched: too many directories, or the system refuses. */
  onFailure: (error: Error) => void;
}

/**
 * Tells what happens in chosen directories of a tree. It watches directories, not files, and only the ones it is told:
 * the large ones of a project are the ignored ones.
 */
export class TreeWatcher {
  /** By directory; undefined where the watcher of the root sees it. */
  private readonly watchers = new Map<string, FSWatcher | undefined>();
  private readonly recursive = WHOLE_TREES.has(platform());
  private failed = false;

  constructor(
    private readonly root: string,
    private readonly listener: TreeListener,
  ) {}

  /** False when nothing is watched because it could not be. */
  get works(): boolean {
    return !this.failed;
  }

  has(directory: string): boolean {
    return this.watchers.has(directory);
  }

  /** @param directory relative to the root, `` for itself; one that is gone is passed by. */
  add(directory: string): void {
    if (this.failed || this.watchers.has(directory)) return;
    if (this.recursive && directory !== '') {
      this.watchers.set(directory, undefined);
      return;
    }
    try {
      if (this.watchers.size >= MAX_DIRECTORIES) throw new Error(`more than ${MAX_DIRECTORIES} directories`);
      const options = { persistent: false, recursive: this.recursive };
      const watcher = watch(join(this.root, directory), options, (event, name) => {
        const path = name === null ? directory : posix.join(directory, slashes(name));
        // in a directory that nobody asked for
        if (this.recursive && !this.watchers.has(parentOf(path))) return;
        this.listener.onEvent(path, event === 'rename' ? 'entry' : 'content');
      });
      watcher.on('error', () => this.drop(directory));
      this.watchers.set(directory, watcher);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'EACCES') this.fail(error as Error);
    }
  }

  /** Stops watching a directory and everything below it. */
  remove(directory: string): void {
    const below = `${directory}/`;
    for (const known of this.watchers.keys()) if (known === directory || known.startsWith(below)) this.drop(known);
  }

  close(): void {
    for (const watcher of this.watchers.values()) watcher?.close();
    this.watchers.clear();
  }

  private drop(directory: string): void {
    this.watchers.get(directory)?.close();
    this.watchers.delete(directory);
  }

  private fail(error: Error): void {
    this.failed = true;
    this.close();
    this.listener.onFailure(error);
  }
}

function parentOf(path: string): string {
  const above = posix.dirname(path);
  return above === '.' ? '' : above;
}
