import { matchesGlob } from 'node:path';
import { fileURLToPath } from 'node:url';
import { within } from '#libs/instance';
import { extensionOf } from './language-id.js';

/** A registration of `client/registerCapability`. */
export interface Watcher {
  id: string;
  method: string;
  registerOptions?: {
    watchers?: { globPattern?: string | { baseUri?: string | { uri?: string }; pattern?: string } }[];
  };
}

/** Which changes on disk a server wants to hear of. */
export class WatchedFiles {
  /** Patterns of absolute paths, by registration. */
  private readonly patterns = new Map<string, string[]>();

  constructor(
    private readonly root: string,
    private readonly extensions: readonly string[],
  ) {}

  register({ registrations = [] }: { registrations?: Watcher[] }): null {
    for (const { id, method, registerOptions } of registrations) {
      if (method !== 'workspace/didChangeWatchedFiles') continue;
      this.patterns.set(
        id,
        (registerOptions?.watchers ?? []).flatMap(({ globPattern }) => this.absolute(globPattern) ?? []),
      );
    }
    return null;
  }

  /** The misspelling is that of the protocol. */
  unregister({ unregisterations = [] }: { unregisterations?: Pick<Watcher, 'id'>[] }): null {
    for (const { id } of unregisterations) this.patterns.delete(id);
    return null;
  }

  /** What it registered for; without a registration the files of its language. */
  covers(path: string): boolean {
    if (!within(this.root, path)) return false;
    if (this.patterns.size > 0) return [...this.patterns.values()].flat().some((pattern) => matchesGlob(path, pattern));
    return this.extensions.length === 0 || this.extensions.includes(extensionOf(path));
  }

  private absolute(pattern: NonNullable<NonNullable<Watcher['registerOptions']>['watchers']>[number]['globPattern']) {
    if (typeof pattern === 'string') return pattern.startsWith('/') ? pattern : `${this.root}/${pattern}`;
    if (typeof pattern?.pattern !== 'string') return undefined;
    const base = typeof pattern.baseUri === 'string' ? pattern.baseUri : pattern.baseUri?.uri;
    try {
      return `${base === undefined ? this.root : fileURLToPath(base)}/${pattern.pattern}`;
    } catch {
      return undefined;
    }
  }
}
