const MARKER = Symbol.for('opencode-nest.SnapshotError');

/**
 * - `missing`: the snapshot is not (or no longer) stored
 * - `timeout`: it took too long
 * - `busy`: another process uses the snapshots of the same directory
 * - `ended`: the instance was disposed meanwhile
 * - `failed`: anything else, see the message
 */
export type SnapshotFailure = 'missing' | 'timeout' | 'busy' | 'ended' | 'failed';

/** Files could not be brought back. Nothing was changed when the reason is `missing`. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError';
  readonly [MARKER] = true;

  constructor(
    readonly reason: SnapshotFailure,
    message: string,
    /** With `busy`: the file that keeps others out. */
    readonly lock?: string,
  ) {
    super(message);
  }

  /** By its marker, hence also one of another copy of this library. */
  static is(error: unknown): error is SnapshotError {
    return typeof error === 'object' && error !== null && MARKER in error;
  }
}
