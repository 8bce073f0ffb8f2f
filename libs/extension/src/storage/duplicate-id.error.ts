const MARKER = Symbol.for('opencode-nest.DuplicateIdError');

/** A store refused to overwrite something that exists. @publicApi */
export class DuplicateIdError extends Error {
  override readonly name = 'DuplicateIdError';
  readonly [MARKER] = true;

  constructor(readonly id: string) {
    super(`${id} exists already`);
  }

  /** Also true for an error made by another copy of this package. */
  static is(error: unknown): error is DuplicateIdError {
    return typeof error === 'object' && error !== null && MARKER in error;
  }
}
