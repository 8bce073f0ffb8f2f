import { styleText } from 'node:util';
import type { Config, McpRemoteConfig, McpServerConfig, MCPStatus } from '#libs/contract';
import { choose } from '../ask.js';
import type { ApiClient } from '../server/api-client.js';

/** The MCP servers of the configuration, by name. An entry that only switches a server of nowhere is none. */
export async function configuredServers(client: ApiClient): Promise<Map<string, McpServerConfig>> {
  const { mcp = {} } = await client.get<Config>('/config');
  return new Map(Object.entries(mcp).flatMap(([name, config]) => ('type' in config ? [[name, config] as const] : [])));
}

/** Those one can log in to. */
export async function loginServers(client: ApiClient): Promise<Map<string, McpRemoteConfig>> {
  const servers = await configuredServers(client);
  return new Map(
    [...servers].flatMap(([name, config]) =>
      config.type === 'remote' && config.oauth !== false ? [[name, config] as const] : [],
    ),
  );
}

/**
 * The server that is meant: the one that was named, the only one, or the one a person chooses; undefined when they leave.
 * Rejects when there is no such server.
 */
export async function chooseServer(
  servers: ReadonlyMap<string, McpServerConfig>,
  given: string | undefined,
): Promise<string | undefined> {
  const names = [...servers.keys()];
  if (given !== undefined) {
    if (servers.has(given)) return given;
    throw new Error(`There is no such MCP server: ${given}. There are ${names.join(', ') || 'none'}`);
  }
  if (names.length === 0) throw new Error('No MCP server of the configuration takes a login');
  if (names.length === 1) return names[0];
  return choose(
    'Which server?',
    [...servers].map(([value, config]) => ({ value, label: value, hint: placeOf(config) })),
    `Name the server: ${names.join(', ')}`,
  );
}

/** The command or the address, without what may be secret in it. */
export function placeOf(config: McpServerConfig): string {
  if (config.type === 'local') return config.command.join(' ');
  const url = URL.parse(config.url);
  return url ? `${url.origin}${url.pathname}${url.search === '' ? '' : '?…'}` : config.url;
}

const MARKS = {
  connected: ['✓', 'green', 'connected'],
  disabled: ['○', 'dim', 'disabled'],
  failed: ['✗', 'red', 'failed'],
  needs_auth: ['⚠', 'yellow', 'needs authentication'],
  needs_client_registration: ['⚠', 'yellow', 'needs client registration'],
} as const;

/** A state in a line. */
export function statusLine(name: string, status: MCPStatus): string {
  const [mark, colour, words] = MARKS[status.status];
  const reason = 'error' in status ? `: ${status.error}` : '';
  return `${styleText(colour, mark, { stream: process.stdout })} ${name} ${words}${reason}`;
}
