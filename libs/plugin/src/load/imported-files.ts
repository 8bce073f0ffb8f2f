import { fileURLToPath } from 'node:url';
import { ReadTrail } from '#libs/config';
import { type ForeignModule, inTime } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { explained } from './foreign-error.js';
import { importFile } from './import-module.js';

/** Milliseconds a file may take to be imported. */
const IMPORT_LIMIT = 60_000;

/** The files that something of an instance was made of, with all they import. */
export class ImportedFiles {
  private readonly urls = new Set<string>();
  private trail = new ReadTrail();

  constructor(private readonly instance: Instance) {}

  /** Rejects with what its code throws; an edit is noticed nevertheless. @param url `file://…` */
  async import(url: string): Promise<ForeignModule> {
    const module = await inTime(importFile(url, this.trail), {
      milliseconds: IMPORT_LIMIT,
      signal: this.instance.signal,
    });
    this.urls.add(url);
    return module;
  }

  /** Whether one was edited. Rejects, once for each edit, when one that worked does not work any more. */
  async edited(): Promise<boolean> {
    if (!(await this.trail.changed())) return false;
    this.trail = await this.trail.renewed();
    for (const url of this.urls)
      await this.import(url).catch((error: unknown) => {
        throw new Error(`${fileURLToPath(url)}: ${explained(error)}`, { cause: error });
      });
    return true;
  }
}
