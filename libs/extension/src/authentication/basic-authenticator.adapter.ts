import { createHash, timingSafeEqual } from 'node:crypto';
import { type AuthenticationRequest, Authenticator } from './authenticator.port.js';

/** Who may use the server. @publicApi */
export interface Credentials {
  username: string;
  password: string;
}

/** One user with a password, by HTTP basic authentication. @publicApi */
export class BasicAuthenticator extends Authenticator {
  override readonly challenge = 'Basic realm="Secure Area"';
  private readonly expected: Buffer;

  constructor({ username, password }: Credentials) {
    super();
    this.expected = digest(`${username}:${password}`);
  }

  override authenticate({ headers }: AuthenticationRequest): boolean {
    const given = /^basic +([a-z0-9+/=_-]+) *$/i.exec(String(headers['authorization'] ?? ''))?.[1];
    // digests have one length, so that the comparison says nothing about that of the password
    return given !== undefined && timingSafeEqual(digest(Buffer.from(given, 'base64')), this.expected);
  }
}

function digest(text: string | Buffer): Buffer {
  return createHash('sha256').update(text).digest();
}
