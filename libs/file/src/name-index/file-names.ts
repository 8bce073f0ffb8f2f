import { PathSet } from './path-set.js';

/** Files, and the directories that hold them, with `/` at their end. */
export class FileNames {
  readonly files = new PathSet();
  readonly directories = new PathSet();
  private known = new Set<string>();

  /** The caller knows that it is not there yet. */
  addFile(path: string): void {
    this.files.add(path);
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const directory = path.slice(0, end + 1);
      if (this.known.has(directory)) return;
      this.known.add(directory);
      this.directories.add(directory);
    }
  }

  /** Takes away files, and the directories that hold none any more. The files that were taken away. */
  remove(fits: (path: string) => boolean): string[] {
    const removed = this.files.remove(fits);
    if (removed.length === 0) return removed;
    const used = new Set<string>();
    for (const path of this.files.all)
      for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
        const directory = path.slice(0, end + 1);
        if (used.has(directory)) break;
        used.add(directory);
      }
    this.directories.remove((directory) => !used.has(directory));
    this.known = used;
    return removed;
  }

  hasDirectory(path: string): boolean {
    return this.known.has(`${path}/`);
  }
}
