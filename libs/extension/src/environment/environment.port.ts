import { Port } from '../boot/port.js';

/** Where files of the server live. Absolute paths, not necessarily existing. @publicApi */
export interface EnvironmentPaths {
  home: string;
  /** Global configuration. */
  config: string;
  /** Database, snapshots, saved tool outputs. */
  data: string;
  /** State of user interfaces. */
  state: string;
  cache: string;
}

/**
 * What the server knows of the world it runs in. Libraries read it from here and never from `process`, so that a
 * host application decides what an embedded server sees.
 * @publicApi
 */
export abstract class Environment extends Port {
  abstract readonly variables: Readonly<Record<string, string | undefined>>;
  abstract readonly paths: EnvironmentPaths;
  /** Directory of requests that name none. Absolute. */
  abstract readonly directory: string;
  /** Version of the API that is served, as clients compare it. */
  abstract readonly version: string;

  /** The kind of client that the server works for (`OPENCODE_CLIENT`): `cli`, `app`, `desktop`, `acp` … */
  get client(): string {
    return this.variables['OPENCODE_CLIENT'] || 'cli';
  }

  /** Boolean variables: whether one of them is `1` or `true`, in any case. */
  flag(...names: string[]): boolean {
    return names.some((name) => ['1', 'true'].includes(this.variables[name]?.toLowerCase() ?? ''));
  }

  /** A variable that must be a positive integer; anything else counts as unset. */
  positiveInteger(name: string): number | undefined {
    const value = Number(this.variables[name]);
    return Number.isSafeInteger(value) && value > 0 ? value : undefined;
  }
}
