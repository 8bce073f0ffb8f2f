import { Port } from '../boot/port.js';

/** What is known of a request before anything is done with it. @publicApi */
export interface AuthenticationRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/**
 * Says who may use the routes of the server, event streams and terminals included. There is none by default: whoever
 * reaches an embedding application passes its own guards. It is the `authenticator` option of `OpencodeModule.forRoot`
 * and of `createServer`, where it is asked about unknown paths too.
 *
 * @example
 * class TokenAuthenticator extends Authenticator {
 *   override readonly challenge = 'Bearer';
 *   authenticate({ headers }: AuthenticationRequest) { return this.tokens.isValid(headers.authorization); }
 * }
 * @publicApi
 */
export abstract class Authenticator extends Port {
  /** Value of the header `www-authenticate` that goes with a refusal. */
  readonly challenge?: string;

  /** Called for each request except preflights (`OPTIONS`), which carry no credentials. A rejection is answered with 500. */
  abstract authenticate(request: AuthenticationRequest): boolean | Promise<boolean>;
}
