import { createHash, timingSafeEqual } from 'node:crypto';
import type { EdgeRule } from './edge.js';

/** Who may use the server. @publicApi */
export interface Credentials {
  username: string;
  password: string;
}

/** Lets only requests with the credentials pass, whatever they ask for; preflights need none. */
export function basicAuth({ username, password }: Credentials): EdgeRule {
  const expected = digest(`${username}:${password}`);
  return (request, reply) => {
    if (request.method === 'OPTIONS') return true;
    const given = /^basic +([a-z0-9+/=_-]+) *$/i.exec(request.headers.authorization ?? '')?.[1];
    // digests have one length, so that the comparison says nothing about that of the password
    if (given !== undefined && timingSafeEqual(digest(Buffer.from(given, 'base64')), expected)) return true;
    void reply
      .code(401)
      .header('www-authenticate', 'Basic realm="Secure Area"')
      .type('application/octet-stream')
      .send('Unauthorized');
    return false;
  };
}

function digest(text: string | Buffer): Buffer {
  return createHash('sha256').update(text).digest();
}
