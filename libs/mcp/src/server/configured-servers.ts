import type { Config, McpServerConfig } from '#libs/contract';

export interface ConfiguredServers {
  /** In the order of the configuration. */
  servers: Map<string, McpServerConfig>;
  /** Entries that only switch a server on or off which nothing defines. */
  incomplete: string[];
}

/** The servers that a configuration defines. */
export function configuredServers({ mcp = {} }: Config): ConfiguredServers {
  const servers = new Map<string, McpServerConfig>();
  const incomplete: string[] = [];
  for (const [name, entry] of Object.entries(mcp)) {
    if ('type' in entry) servers.set(name, entry);
    else incomplete.push(name);
  }
  return { servers, incomplete };
}
