/**
 * The HTTP side of this application for code that runs inside of it, such as plugins with a client of their own: no
 * socket, no password. There is one where OpencodeHttpModule is imported.
 */
export abstract class LocalApi {
  /** Where the application listens; before it does, where a server of its kind would. */
  abstract readonly url: URL;
  /** Answers like the server. Rejects when the signal of the request aborts. */
  abstract fetch(request: Request): Promise<Response>;
}
