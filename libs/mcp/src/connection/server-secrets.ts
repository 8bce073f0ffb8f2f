import type { McpServerConfig } from '#libs/contract';

/** Names of variables whose values may be seen. */
const HARMLESS = /^(?:PATH|HOME|LANG|TZ|NODE_ENV|DEBUG|LOG_LEVEL|PORT)$/i;

/** Values of the configuration of a server that must not be logged or told. */
export function secretsOf(config: McpServerConfig): string[] {
  if (config.type === 'local')
    return Object.entries(config.environment ?? {}).flatMap(([name, value]) => (HARMLESS.test(name) ? [] : [value]));
  const { headers = {}, oauth } = config;
  return [...Object.values(headers), ...(oauth && oauth.clientSecret !== undefined ? [oauth.clientSecret] : [])];
}
