/** A language server ended, refused a request or took too long; the message says which, for logs and tool errors. */
export class LanguageServerError extends Error {
  override readonly name = 'LanguageServerError';
}
