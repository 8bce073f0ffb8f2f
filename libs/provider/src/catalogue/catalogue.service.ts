import { Injectable, Logger } from '@nestjs/common';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { Environment } from '#libs/extension';
import type { Catalogue } from './catalogue-entry.js';

const decompress = promisify(brotliDecompress);

/** The catalogue inside the program never changes: unpacked once, whatever the number of servers in the process. */
let unpacked: Promise<Catalogue> | undefined;

/**
 * The known providers and models. Read on first need and then kept: from `OPENCODE_MODELS_PATH`, else from
 * `<cache>/models.json`, else from the snapshot inside the program. A broken file is a warning, not a failure.
 */
@Injectable()
export class CatalogueService {
  private readonly log = new Logger(CatalogueService.name);
  private loaded: Promise<Catalogue> | undefined;

  constructor(private readonly environment: Environment) {}

  get(): Promise<Catalogue> {
    return (this.loaded ??= this.load());
  }

  /** Where a refreshed catalogue is kept. */
  get cacheFile(): string {
    return join(this.environment.paths.cache, 'models.json');
  }

  /** The next one who asks gets it anew. */
  forget(): void {
    this.loaded = undefined;
  }

  private async load(): Promise<Catalogue> {
    const named = this.environment.variables['OPENCODE_MODELS_PATH'];
    const file = named ? await this.readCatalogue(named, true) : await this.readCatalogue(this.cacheFile, false);
    return file ?? (await this.snapshot());
  }

  private async readCatalogue(path: string, expected: boolean): Promise<Catalogue | undefined> {
    try {
      return parseCatalogue(await readFile(path, 'utf8'));
    } catch (error) {
      if (expected || !isMissing(error))
        this.log.warn(`The model catalogue ${path} cannot be used: ${String(error)}. The built-in one is.`);
      return undefined;
    }
  }

  private async snapshot(): Promise<Catalogue> {
    try {
      return await (unpacked ??= unpack());
    } catch (error) {
      this.log.warn(`The built-in model catalogue cannot be used: ${String(error)}`);
      return {};
    }
  }
}

async function unpack(): Promise<Catalogue> {
  const { CATALOGUE_SNAPSHOT } = await import('./catalogue-snapshot.js');
  return parseCatalogue((await decompress(Buffer.from(CATALOGUE_SNAPSHOT, 'base64'))).toString());
}

export function parseCatalogue(text: string): Catalogue {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('it is not a JSON object');
  // one odd entry must not hide the others
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => typeof entry === 'object' && entry !== null));
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
