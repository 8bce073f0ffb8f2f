import type { Authenticator } from '#libs/extension';
import type { EdgeRule } from './edge.js';

/** Lets only requests pass that the authenticator knows, whatever they ask for; preflights need nothing. */
export function authentication(authenticator: Authenticator): EdgeRule {
  return async (request, reply) => {
    if (request.method === 'OPTIONS') return true;
    const { method, url, headers } = request;
    if (await authenticator.authenticate({ method, url, headers })) return true;
    if (authenticator.challenge !== undefined) reply.header('www-authenticate', authenticator.challenge);
    void reply.code(401).type('application/octet-stream').send('Unauthorized');
    return false;
  };
}
