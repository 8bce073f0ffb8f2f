const MARKER = Symbol.for('opencode-nest.ProviderInitError');

/** A provider cannot be used: its package or its settings are missing or wrong. The message says what to do. */
export class ProviderInitError extends Error {
  override readonly name = 'ProviderInitError';
  readonly [MARKER] = true;

  constructor(
    readonly providerID: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** Also true for an error made by another copy of this package. */
  static is(error: unknown): error is ProviderInitError {
    return typeof error === 'object' && error !== null && MARKER in error;
  }
}
