const MARKER = Symbol.for('opencode-nest.ListenFailedError');

/** The address of the server cannot be used. @publicApi */
export class ListenFailedError extends Error {
  override readonly name = 'ListenFailedError';
  readonly [MARKER] = true;

  constructor(
    readonly port: number,
    readonly hostname: string,
    cause: unknown,
  ) {
    super(`Failed to start server on port ${port}`, { cause });
  }

  /** Also true for an error made by another copy of this package. */
  static is(error: unknown): error is ListenFailedError {
    return typeof error === 'object' && error !== null && MARKER in error;
  }
}
