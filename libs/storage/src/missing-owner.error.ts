const MARKER = Symbol.for('opencode-nest.MissingOwnerError');

/**
 * A store refused to keep something whose owner is not there (any more): a message or todo list of a removed session,
 * a part of a removed message. Nothing was written, and nothing that was removed came back.
 * @publicApi
 */
export class MissingOwnerError extends Error {
  override readonly name = 'MissingOwnerError';
  readonly [MARKER] = true;

  /** @param owner id of the session or message that is missing */
  constructor(
    readonly id: string,
    readonly owner: string,
  ) {
    super(`${id} was not stored: ${owner} does not exist (any more)`);
  }

  /** Also true for an error made by another copy of this package. */
  static is(error: unknown): error is MissingOwnerError {
    return typeof error === 'object' && error !== null && MARKER in error;
  }
}
