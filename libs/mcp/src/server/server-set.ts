import type { MCPStatus, McpServerConfig } from '#libs/contract';
import { withBasicLogin } from './basic-login.js';
import { McpServer, type ServerWorld } from './mcp-server.js';

/** The servers of one instance: those of its configuration, then those that were added. */
export class ServerSet {
  private readonly servers = new Map<string, McpServer>();
  private ended = false;

  constructor(private readonly world: ServerWorld) {}

  /** Connects to all that are not switched off, side by side. */
  async start(configs: ReadonlyMap<string, McpServerConfig>): Promise<void> {
    const started = [...configs].map(([name, config]) => this.put(name, config));
    await Promise.all(started);
  }

  /** Takes the place of a server of that name, which is closed before. */
  async put(name: string, config: McpServerConfig): Promise<void> {
    const server = new McpServer(name, withBasicLogin(config), this.world);
    const former = this.servers.get(name);
    this.servers.set(name, server);
    await former?.end();
    if (config.enabled !== false && !this.ended) await server.connect();
  }

  get(name: string): McpServer | undefined {
    return this.servers.get(name);
  }

  list(): McpServer[] {
    return [...this.servers.values()];
  }

  statuses(): Record<string, MCPStatus> {
    return Object.fromEntries(this.list().map(({ name, status }) => [name, status]));
  }

  /** Ends every connection and program. */
  async end(): Promise<void> {
    this.ended = true;
    await Promise.all(this.list().map((server) => server.end()));
  }
}
