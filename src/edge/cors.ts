import type { EdgeRule } from './edge.js';

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

/** Tells browsers which origins may read, and answers every preflight. A foreign origin is served without the header. */
export function cors(origins: readonly string[]): EdgeRule {
  const listed = new Set(origins);
  return (request, reply) => {
    const { origin } = request.headers;
    if (origin !== undefined && isAllowedOrigin(origin, listed)) reply.header('access-control-allow-origin', origin);
    if (request.method !== 'OPTIONS') {
      reply.header('vary', 'Origin');
      return true;
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
