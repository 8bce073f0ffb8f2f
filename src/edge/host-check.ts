import { ForbiddenError } from '#libs/contract';
import type { EdgeRule } from './edge.js';

/** Whether a host name or address means this machine only. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  return name === 'localhost' || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name);
}

/**
 * Refuses requests that name another host than this machine. A page whose host name was made to point at 127.0.0.1
 * (DNS rebinding) counts as the same origin for a browser; the Host header is what gives it away.
 */
export function loopbackHostsOnly(hostname: string): EdgeRule {
  const own = hostname.toLowerCase();
  return (request, reply) => {
    const host = nameOf(request.headers.host);
    if (request.method === 'OPTIONS' || host === undefined || host === own || isLoopback(host)) return true;
    const refusal = new ForbiddenError(
      `This server listens on ${hostname} without a password and does not answer for the host "${host}". ` +
        'Use a loopback address, or set OPENCODE_SERVER_PASSWORD.',
    );
    void reply.code(refusal.status).type('application/json').send(JSON.stringify(refusal.toBody()));
    return false;
  };
}

/** Without the port; undefined for a request of HTTP/1.0 that names none. */
function nameOf(host: string | undefined): string | undefined {
  return host?.toLowerCase().replace(/:\d*$/, '');
}
