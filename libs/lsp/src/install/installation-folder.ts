import { mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { InstallationResult } from './server-source.js';

const RECORD = 'installed.json';
const LOCK = 'lock';
/** Milliseconds: how often a lock is renewed, the age at which it was left behind, and between two looks at it. */
const RENEW = 10_000;
const STALE = 60_000;
const LOOK = 250;

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
    await mkdir(this.path, { recursive: true });
    const release = await this.lock(signal);
    try {
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
    } finally {
      await release();
    }
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

  private async lock(signal: AbortSignal): Promise<() => Promise<void>> {
    const path = join(this.path, LOCK);
    for (;;) {
      signal.throwIfAborted();
      try {
        await (await open(path, 'wx')).close();
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const age = await stat(path).then(
        ({ mtimeMs }) => Date.now() - mtimeMs,
        () => 0,
      );
      if (age > STALE) await rm(path, { force: true });
      else await delay(LOOK, undefined, { signal });
    }
    const timer = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), RENEW);
    return async () => {
      clearInterval(timer);
      await rm(path, { force: true });
    };
  }
}
