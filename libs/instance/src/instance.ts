import { relative, resolve, sep } from 'node:path';
import { type Project, WireError } from '#libs/contract';
import { within } from './directory.js';

/** What discovery learned about a directory before its instance exists. */
export interface InstancePlace {
  /** Root of the git checkout that holds the directory; `/` outside git. */
  readonly worktree: string;
  readonly project: Project;
}

/**
 * One project directory that the server works in. The explicit first argument of every service:
 * configuration, events, runs and permissions of two instances never mix.
 * @publicApi
 */
export class Instance {
  readonly worktree: string;
  readonly project: Project;
  private readonly ending = new AbortController();

  constructor(
    /** Absolute, normalised path. */
    readonly directory: string,
    place: InstancePlace,
  ) {
    this.worktree = place.worktree;
    this.project = place.project;
  }

  /** Aborted when disposal begins: long work of this instance listens to it. */
  get signal(): AbortSignal {
    return this.ending.signal;
  }

  /** Absolute form of a path given by a model or a client: relative ones start at the instance directory. */
  resolve(path: string): string {
    return resolve(this.directory, path);
  }

  /** Whether a path lies inside the directory or its worktree. Path arithmetic only: links are not followed. */
  contains(path: string): boolean {
    return within(this.directory, path) || (this.worktree !== '/' && within(this.worktree, path));
  }

  /** Path as shown to people: relative to the worktree, with `/` as separator. */
  display(path: string): string {
    return relative(this.worktree, path).split(sep).join('/');
  }

  /** @internal Called by the InstanceStore only. */
  end(): void {
    const message = `Instance ${this.directory} is being disposed`;
    this.ending.abort(new WireError('InstanceDisposedError', 503, { message }));
  }
}
