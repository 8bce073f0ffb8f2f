import { statSync } from 'node:fs';
import { type ReadTrail, signatureOf } from '#libs/config';

interface ModuleFile {
  /** What it was when it was imported. */
  signature: string;
  /** How often something that it imports was edited. */
  edits: number;
  readonly importers: Set<string>;
  readonly imports: Set<string>;
}

/**
 * The files of plugins and tools that were imported so far, those of packages aside. A module is kept by its address for
 * as long as the program runs; so an edited file, and whatever imports it, gets another address. What was there before
 * stays in memory: a module for each edit.
 */
export class ModuleFiles {
  private readonly files = new Map<string, ModuleFile>();

  has(path: string): boolean {
    return this.files.has(path);
  }

  /** What the address of a file ends with. @param importer path of a file that is known already */
  queryOf(path: string, importer?: string): string {
    const file = this.files.get(path) ?? {
      signature: currentSignature(path),
      edits: 0,
      importers: new Set(),
      imports: new Set(),
    };
    this.files.set(path, file);
    if (importer !== undefined) {
      file.importers.add(importer);
      this.files.get(importer)?.imports.add(path);
    }
    return `?v=${file.signature.replaceAll(' ', '-')}${file.edits > 0 ? `.${file.edits}` : ''}`;
  }

  /** Looks at a file and what it imports. Returns the paths of what was edited, and of what imports that. */
  refresh(entry: string): string[] {
    const stale = new Set<string>();
    for (const [path, file] of this.below(entry)) {
      const signature = currentSignature(path);
      if (signature === file.signature) continue;
      file.signature = signature;
      for (const above of this.above(path)) stale.add(above);
    }
    for (const path of stale) {
      const file = this.files.get(path);
      if (file) file.edits++;
    }
    return [...stale];
  }

  /** Notes a file and what it imports, as they were when they were imported. */
  note(entry: string, trail: ReadTrail): void {
    for (const [path, { signature }] of this.below(entry)) trail.noteRead(path, signature);
  }

  private below(path: string): Map<string, ModuleFile> {
    return this.reach(path, ({ imports }) => imports);
  }

  private above(path: string): Iterable<string> {
    return this.reach(path, ({ importers }) => importers).keys();
  }

  private reach(start: string, next: (file: ModuleFile) => Iterable<string>): Map<string, ModuleFile> {
    const found = new Map<string, ModuleFile>();
    const paths = [start];
    for (let path = paths.pop(); path !== undefined; path = paths.pop()) {
      const file = this.files.get(path);
      if (!file || found.has(path)) continue;
      found.set(path, file);
      paths.push(...next(file));
    }
    return found;
  }
}

/** Synchronous, as the resolution of imports is. */
function currentSignature(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats ? signatureOf(stats) : 'gone';
}
