/** A language server is not there, or not for this project; the message says why and what to install. */
export class ServerMissingError extends Error {
  override readonly name = 'ServerMissingError';
}
