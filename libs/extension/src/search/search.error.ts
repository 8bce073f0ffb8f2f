const MARKER = Symbol.for('opencode-nest.SearchError');

/** A search that could not be made; the text is for the model. @publicApi */
export class SearchError extends Error {
  override readonly name: string = 'SearchError';
  readonly [MARKER] = true;

  /** Also true for an error made by another copy of this package. */
  static is(error: unknown): error is SearchError {
    return typeof error === 'object' && error !== null && MARKER in error;
  }
}

/** There is no service to ask; the text also says how the server gets one. @publicApi */
export class SearchUnavailableError extends SearchError {
  override readonly name = 'SearchUnavailableError';

  constructor() {
    super(
      'No search service is configured. Work without it; webfetch gets pages whose address is known. ' +
        'Who runs the server can give it one: the option searchService.',
    );
  }
}
