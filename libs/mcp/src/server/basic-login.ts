import type { McpServerConfig } from '#libs/contract';

/** A name and a password in the address of a server go into a header, as browsers do it: `fetch` refuses them. */
export function withBasicLogin(config: McpServerConfig): McpServerConfig {
  if (config.type !== 'remote') return config;
  const url = URL.parse(config.url);
  if (!url || (url.username === '' && url.password === '')) return config;
  const login = [url.username, url.password].map(decoded).join(':');
  url.username = '';
  url.password = '';
  const headers = new Headers(config.headers);
  if (!headers.has('authorization')) headers.set('authorization', `Basic ${Buffer.from(login).toString('base64')}`);
  return { ...config, url: url.href, headers: Object.fromEntries(headers) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
