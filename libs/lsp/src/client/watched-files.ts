import { matchesGlob, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { within } from '#libs/instance';
import { extensionOf } from './language-id.js';
import type { Change } from './open-documents.js';
import { Registrations } from './registration.js';

/** Of the protocol: 1 made, 2 changed, 4 deleted, or their sum. */
const EVERY_KIND = 7;
const KINDS: Readonly<Record<Change['type'], number>> = { 1: 1, 2: 2, 3: 4 };

interface Options {
  watchers: {
    globPattern?: string | { baseUri?: string | { uri?: string }; pattern?: string };
    kind?: number | null;
  }[];
}

/** Files below a folder whose paths there match. */
interface Watch {
  base: string;
  pattern: string;
  kind: number;
}

/** Which changes on disk a server wants to hear of. */
export class WatchedFiles {
  readonly registrations = new Registrations<Watch[], Options>('workspace/didChangeWatchedFiles', ({ watchers = [] }) =>
    watchers.flatMap((watcher) => this.watchOf(watcher)),
  );

  constructor(
    private readonly root: string,
    private readonly extensions: readonly string[],
  ) {}

  /** What it registered for; without a registration the files of its language. */
  covers({ path, type }: Change): boolean {
    const registered = [...this.registrations.all.values()].flat();
    if (registered.length > 0)
      return registered.some(
        ({ base, pattern, kind }) =>
          (kind & KINDS[type]) !== 0 && within(base, path) && matchesGlob(relative(base, path), pattern),
      );
    return within(this.root, path) && (this.extensions.length === 0 || this.extensions.includes(extensionOf(path)));
  }

  private watchOf({ globPattern, kind }: Options['watchers'][number]): Watch[] {
    const watch = (base: string, pattern: string) => [{ base, pattern, kind: kind ?? EVERY_KIND }];
    if (typeof globPattern === 'string')
      return globPattern.startsWith('/') ? watch('/', globPattern.slice(1)) : watch(this.root, globPattern);
    if (typeof globPattern?.pattern !== 'string') return [];
    const base = typeof globPattern.baseUri === 'string' ? globPattern.baseUri : globPattern.baseUri?.uri;
    try {
      return watch(base === undefined ? this.root : fileURLToPath(base), globPattern.pattern);
    } catch {
      return []; // not a folder of this machine
    }
  }
}
