import { Injectable, Logger } from '@nestjs/common';
import { ConfigService } from '#libs/config';
import type { MCPStatus, McpServerConfig } from '#libs/contract';
import { EventBus } from '#libs/event';
import { Clock } from '#libs/extension';
import { type Instance, InstanceState } from '#libs/instance';
import { RequestAuthService } from './auth/request-auth.service.js';
import { McpConnector } from './connection/connector.service.js';
import { configuredServers } from './server/configured-servers.js';
import type { McpServer } from './server/mcp-server.js';
import { ServerSet } from './server/server-set.js';
import { explain } from './server/explain.js';

interface Servers {
  set: ServerSet;
  /** Resolves when every configured server is connected or has failed. */
  started: Promise<void>;
}

/**
 * The MCP servers of each instance. They are connected to when something first asks for them.
 * @publicApi
 */
@Injectable()
export class McpService {
  private readonly log = new Logger('Mcp');
  private readonly servers = new InstanceState<Promise<Servers>>(
    (instance) => this.create(instance),
    async (servers) => (await servers).set.end(),
  );

  constructor(
    private readonly config: ConfigService,
    private readonly connector: McpConnector,
    private readonly auth: RequestAuthService,
    private readonly bus: EventBus,
    private readonly clock: Clock,
  ) {}

  /** By name, in the order of the configuration, those that were added behind. */
  async status(instance: Instance): Promise<Record<string, MCPStatus>> {
    return (await this.ready(instance)).statuses();
  }

  /** Every server that is known, connected or not. */
  async list(instance: Instance): Promise<McpServer[]> {
    return (await this.ready(instance)).list();
  }

  /** Adds a server for as long as the instance lives, or takes the place of one; resolves to the state of all. */
  async add(instance: Instance, name: string, config: McpServerConfig): Promise<Record<string, MCPStatus>> {
    const { set, started } = await this.servers.get(instance);
    await Promise.all([set.put(name, config), started]);
    return set.statuses();
  }

  /** Connects, also to a server that is switched off; an unknown name is no error. */
  async connect(instance: Instance, name: string): Promise<void> {
    const { set } = await this.servers.get(instance);
    await set.get(name)?.connect();
  }

  /** Until {@link connect}; an unknown name is no error. */
  async disconnect(instance: Instance, name: string): Promise<void> {
    const { set } = await this.servers.get(instance);
    await set.get(name)?.disconnect();
  }

  /** A server by name; nothing is waited for but the configuration. */
  async find(instance: Instance, name: string): Promise<McpServer | undefined> {
    return (await this.servers.get(instance)).set.get(name);
  }

  private async ready(instance: Instance): Promise<ServerSet> {
    const { set, started } = await this.servers.get(instance);
    await started;
    // somebody may have logged in elsewhere
    const waiting = set.list().filter(({ status }) => status.status === 'needs_auth');
    await Promise.all(waiting.map((server) => this.connectWhenLoggedIn(server)));
    return set;
  }

  private async connectWhenLoggedIn(server: McpServer): Promise<void> {
    if (await this.auth.isLoggedInNow(server.name, server.config)) await server.connect();
  }

  private async create(instance: Instance): Promise<Servers> {
    const { servers, incomplete } = configuredServers(await this.config.get(instance));
    for (const name of incomplete)
      this.log.error(`The MCP server "${name}" has no type in the configuration of ${instance.directory}: left out`);
    const set = new ServerSet({
      clock: this.clock,
      open: (name, config, signal) => {
        const auth = config.type === 'remote' ? this.auth.for({ name, config }) : undefined;
        return this.connector.open({ instance, name, config, ...(auth && { auth }) }, signal);
      },
      explain,
      onToolsChanged: (server) => this.bus.publish(instance, 'mcp.tools.changed', { server }),
      onStatus: (name, status) => this.tell(instance, name, status),
    });
    return { set, started: set.start(servers) };
  }

  private tell(instance: Instance, name: string, status: MCPStatus): void {
    if ('error' in status) this.log.warn(`${name} (${instance.directory}): ${status.status}: ${status.error}`);
    const message = messageOf(name, status);
    if (message === undefined) return;
    this.bus.publish(instance, 'tui.toast.show', {
      title: 'MCP Authentication Required',
      message,
      variant: 'warning',
      duration: 8_000,
    });
  }
}

/** What a person has to do. */
function messageOf(name: string, status: MCPStatus): string | undefined {
  if (status.status === 'needs_auth') return `Server "${name}" wants a login. Run: opencode mcp auth ${name}`;
  if (status.status === 'needs_client_registration') return `Server "${name}": ${status.error}`;
  return undefined;
}
