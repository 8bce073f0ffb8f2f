import type { FastifyReply } from 'fastify';
import { ForbiddenError } from '#libs/contract';
import type { EdgeRule } from './edge.js';

const READING = new Set(['GET', 'HEAD']);
const METHODS = 'GET,HEAD,PUT,POST,DELETE,PATCH';
const LOCAL = ['http://localhost:', 'http://127.0.0.1:'];
const DESKTOP = new Set(['tauri://localhost', 'http://tauri.localhost', 'https://tauri.localhost']);
const HOSTED = /^https:\/\/([a-z0-9-]+\.)*opencode\.ai$/;

/** Whether pages of an origin may read answers. `listed` origins are compared as they stand. */
export function isAllowedOrigin(origin: string, listed: ReadonlySet<string>): boolean {
  return (
    LOCAL.some((prefix) => origin.startsWith(prefix)) ||
    DESKTOP.has(origin) ||
    HOSTED.test(origin) ||
    listed.has(origin)
  );
}

/**
 * Tells browsers which origins may read, and answers every preflight. A page of a foreign origin gets an answer that the
 * browser keeps from it, but cannot act: for a request without a body a browser does not ask by a preflight first, and for
 * a WebSocket it never asks.
 */
export function cors(origins: readonly string[]): EdgeRule {
  const listed = new Set(origins);
  return (request, reply) => {
    const { origin } = request.headers;
    const allowed = origin !== undefined && isAllowedOrigin(origin, listed);
    if (allowed) reply.header('access-control-allow-origin', origin);
    if (request.method !== 'OPTIONS') {
      reply.header('vary', 'Origin');
      // programs that are no browsers name no origin
      if (origin === undefined || allowed) return true;
      if (READING.has(request.method) && request.headers.upgrade === undefined) return true;
      if (isSameOrigin(origin, request.headers.host)) return true;
      refuse(origin, reply);
      return false;
    }
    const asked = request.headers['access-control-request-headers'];
    reply.header('access-control-allow-methods', METHODS);
    if (asked) reply.header('access-control-allow-headers', asked);
    void reply
      .header('vary', asked ? 'Origin, Access-Control-Request-Headers' : 'Origin')
      .code(204)
      .send();
    return false;
  };
}

/** Whether a page comes from this server itself. The scheme does not count: a proxy may add TLS. */
function isSameOrigin(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && host !== undefined && new URL(origin).host === host.toLowerCase();
}

function refuse(origin: string, reply: FastifyReply): void {
  const refusal = new ForbiddenError(
    `Pages of the origin "${origin}" may not change anything here. Allow it with --cors or "server.cors" in the configuration.`,
  );
  void reply.code(refusal.status).type('application/json').send(JSON.stringify(refusal.toBody()));
}
