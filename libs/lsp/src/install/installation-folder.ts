import { mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { withFileLock } from '#libs/extension';
import type { InstallationResult } from './server-source.js';

const RECORD = 'installed.json';
const LOCK = 'lock';

/** What was installed, as it stands in `installed.json`. */
export interface Installation extends InstallationResult {
  /** Name of the folder beside the record. */
  readonly folder: string;
  /** Version of the needed program that it was chosen for. */
  readonly fits?: string;
}

/**
 * The place of one server: a record of what is installed, and the folder with it. Each installation is made in a folder
 * of its own that counts from the moment the record names it, so that half of one is never used.
 */
export class InstallationFolder {
  /** @param path absolute; need not exist */
  constructor(readonly path: string) {}

  /** Undefined when there is nothing, or it is not whole. */
  async current(): Promise<Installation | undefined> {
    try {
      const installation = JSON.parse(await readFile(join(this.path, RECORD), 'utf8')) as Installation;
      await stat(join(this.path, installation.folder, installation.program));
      return installation;
    } catch {
      return undefined;
    }
  }

  /**
   * Installs while no other process does. What another has installed meanwhile is taken when it `isGood`; what was
   * there before, and what others left half done, is removed in the end.
   */
  async install(
    isGood: (installation: Installation) => boolean,
    work: (folder: string) => Promise<Omit<Installation, 'folder'>>,
    signal: AbortSignal,
  ): Promise<Installation> {
    const alone = async () => {
      const current = await this.current();
      if (current && isGood(current)) return current;
      const folder = await mkdtemp(join(this.path, 'content-'));
      try {
        const installation = { ...(await work(folder)), folder: basename(folder) };
        await this.record(installation);
        return installation;
      } finally {
        await this.sweep();
      }
    };
    return withFileLock(join(this.path, LOCK), alone, signal);
  }

  private async record(installation: Installation): Promise<void> {
    const temporary = join(this.path, `${RECORD}.new`);
    await writeFile(temporary, JSON.stringify(installation, null, 2));
    await rename(temporary, join(this.path, RECORD));
  }

  private async sweep(): Promise<void> {
    const current = await this.current();
    const keep = new Set([RECORD, LOCK, current?.folder]);
    for (const name of await readdir(this.path))
      if (!keep.has(name)) await rm(join(this.path, name), { recursive: true, force: true });
  }
}
