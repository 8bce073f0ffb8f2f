import { Injectable } from '@nestjs/common';
import type { FindFilesQuery } from '#libs/contract';
import type { Instance } from '#libs/instance';
import { fuzzySearch } from './fuzzy-search.js';
import { NameIndexService } from './name-index.service.js';

const DEFAULT_LIMIT = 10;
/** Hidden directories go last, so more are ranked than are wanted. */
const DIRECTORIES_RANKED = 20;

type Options = Omit<FindFilesQuery, 'directory'>;

/** Finds files and directories by name. @publicApi */
@Injectable()
export class FileSearchService {
  constructor(private readonly names: NameIndexService) {}

  /**
   * Paths relative to the directory, the best first; directories end in `/`. An empty query gives directories, or with
   * `type: 'file'` or `dirs: 'false'` files. Ignored files are left out, hidden ones are not.
   */
  async find(instance: Instance, { query, dirs, type, limit = DEFAULT_LIMIT }: Options): Promise<string[]> {
    const wanted = type ?? (dirs === 'false' ? 'file' : 'all');
    const { files, directories } = await this.names.current(instance);
    const text = query.trim();
    if (text === '') {
      if (wanted === 'file') return files.all.slice(0, limit);
      return hiddenLast([...directories.all].sort()).slice(0, limit);
    }
    if (wanted === 'file') return fuzzySearch([files], text, limit);
    if (wanted === 'all') return fuzzySearch([files, directories], text, limit);
    const found = await fuzzySearch([directories], text, DIRECTORIES_RANKED * limit);
    return (isHidden(text) ? found : hiddenLast(found)).slice(0, limit);
  }
}

const isHidden = (path: string) => path.startsWith('.') || path.includes('/.');

function hiddenLast(paths: readonly string[]): string[] {
  return [...paths.filter((path) => !isHidden(path)), ...paths.filter(isHidden)];
}
