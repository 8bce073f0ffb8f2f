const MARKER = Symbol.for('opencode-nest.StorageFileError');

/** Why a database file cannot be used. */
export type StorageFileProblem = 'newer' | 'foreign' | 'unusable';

/** The database file cannot be used; the message says what to do. The file was not changed. */
export class StorageFileError extends Error {
  override readonly name = 'StorageFileError';
  readonly [MARKER] = true;

  constructor(
    readonly file: string,
    readonly problem: StorageFileProblem,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** Also true for an error made by another copy of this package. */
  static is(error: unknown): error is StorageFileError {
    return typeof error === 'object' && error !== null && MARKER in error;
  }
}
