const LOOPBACK = /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/;

/**
 * Refuses an address that an MCP server leads to unless it is https:, the server itself, or on this machine as the
 * server is: what it names is asked from inside this network, and opened in a browser.
 */
export function assertTrusted(target: URL, server: URL): void {
  if (target.protocol === 'https:' || target.origin === server.origin) return;
  if (target.protocol === 'http:' && [target, server].every(({ hostname }) => LOOPBACK.test(hostname))) return;
  // as fetch does for an address that it cannot ask
  throw new TypeError(`The login leads to ${target.protocol}//${target.host}, which is not https: refused`);
}
