const MARKER = Symbol.for('opencode-nest.BootError');

/** The application was put together wrongly. The message says what, where, and how to mend it. @publicApi */
export class BootError extends Error {
  override readonly name = 'BootError';
  readonly [MARKER] = true;

  /** Also true for an error made by another copy of this package. */
  static is(error: unknown): error is BootError {
    return typeof error === 'object' && error !== null && MARKER in error;
  }
}
