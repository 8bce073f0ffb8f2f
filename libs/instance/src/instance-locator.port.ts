import type { InstancePlace } from './instance.js';

/** Finds the project and worktree of a directory. Implemented by the project library. */
export abstract class InstanceLocator {
  /** @param directory absolute path; rejects with a WireError when it does not exist or is not a directory. */
  abstract locate(directory: string): Promise<InstancePlace>;
}
