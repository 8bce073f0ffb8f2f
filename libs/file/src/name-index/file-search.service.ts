import { Injectable, Logger } from '@nestjs/common';
import type { FindFilesQuery } from '#libs/contract';
import { type Instance, InstanceState } from '#libs/instance';
import { fuzzySearch } from './fuzzy-search.js';
import { NameIndex } from './name-index.js';
import { NameScanner } from './name-scanner.service.js';
import { PathSet } from './path-set.js';

const DEFAULT_LIMIT = 10;
/** Hidden directories go last, so more are ranked than are wanted. */
const DIRECTORIES_RANKED = 20;
/** Milliseconds after the last question when an index is given up; the next question makes a new one. */
const IDLE = 10 * 60_000;

type Options = Omit<FindFilesQuery, 'directory'>;

interface Cell {
  index?: NameIndex;
  idle?: NodeJS.Timeout;
}

/** Finds files and directories by name. @publicApi */
@Injectable()
export class FileSearchService {
  private readonly log = new Logger(FileSearchService.name);
  private readonly cells = new InstanceState(
    (): Cell => ({}),
    (cell) => release(cell),
  );

  constructor(private readonly scanner: NameScanner) {}

  /**
   * Paths relative to the directory, the best first; directories end in `/`. An empty query gives directories, or with
   * `type: 'file'` or `dirs: 'false'` files. Ignored files are left out, hidden ones are not.
   */
  async find(instance: Instance, { query, dirs, type, limit = DEFAULT_LIMIT }: Options): Promise<string[]> {
    const wanted = type ?? (dirs === 'false' ? 'file' : 'all');
    const { files, directories } = await this.names(instance);
    const text = query.trim();
    if (text === '') {
      if (wanted === 'file') return files.all.slice(0, limit);
      return hiddenLast([...directories.all].sort()).slice(0, limit);
    }
    if (wanted === 'file') return fuzzySearch([files], text, limit);
    if (wanted === 'all') return fuzzySearch([files, directories], text, limit);
    const found = await fuzzySearch([directories], text, DIRECTORIES_RANKED * limit);
    return (isAboutHidden(text) ? found : hiddenLast(found)).slice(0, limit);
  }

  private async names(instance: Instance): Promise<{ files: PathSet; directories: PathSet }> {
    const kind = this.scanner.kindOf(instance);
    if (kind === 'files') return this.index(instance).current();
    const directories = new PathSet();
    if (kind === 'home') for (const path of await this.scanner.homeDirectories(instance)) directories.add(path);
    return { files: new PathSet(), directories };
  }

  private index(instance: Instance): NameIndex {
    const cell = this.cells.get(instance);
    clearTimeout(cell.idle);
    cell.idle = setTimeout(() => release(cell), IDLE).unref();
    return (cell.index ??= new NameIndex(instance, this.scanner, {
      onUnwatched: (error) =>
        this.log.warn(
          `${instance.directory} cannot be watched, its files are listed for each search: ${error.message}`,
        ),
    }));
  }
}

function release(cell: Cell): void {
  clearTimeout(cell.idle);
  cell.index?.close();
  delete cell.index;
}

const isHidden = (path: string) => path.startsWith('.') || path.includes('/.');
const isAboutHidden = isHidden;

function hiddenLast(paths: readonly string[]): string[] {
  return [...paths.filter((path) => !isHidden(path)), ...paths.filter(isHidden)];
}
