import type { ReadTrail } from '../reload/read-trail.js';

/** What is known while the configuration of one instance is read. */
export interface LoadContext {
  /** What `{env:…}` may refer to. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly paths: { readonly home: string };
  /** Learns of every file and folder that was looked at. */
  readonly trail: ReadTrail;
  /** Told of files that are left out. */
  onProblem(what: string, reason: unknown): void;
}
