import type { McpRemoteConfig, McpServerConfig, MCPStatus } from '#libs/contract';
import { type Command, textOption, UsageError } from '../command.js';
import { JSON_OPTION, printJson } from '../print.js';
import type { ApiClient } from '../server/api-client.js';
import { type LocalServer, SERVER_OPTIONS, withLocalServer, withServer } from '../server/with-server.js';
import { whileWaiting } from '../while-waiting.js';
import { chooseServer, configuredServers, placeOf, statusLine } from './servers.js';
import { loginState } from './mcp-auth.js';

/** Milliseconds an answer may take. */
const PATIENCE = 10_000;
const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'opencode', version: '1' } },
};

/** Lines for people, in this order: what is known, what was tried. */
type Findings = Record<string, unknown> & { status: MCPStatus };

/** Says what is configured, what a server answers without a login, and what comes of connecting. */
export const mcpDebug: Command = {
  name: 'mcp debug',
  summary: 'Find out why an MCP server cannot be used',
  words: '<name>',
  options: { ...JSON_OPTION, ...SERVER_OPTIONS },

  async run(args) {
    const [name, ...rest] = args.words;
    if (name === undefined || rest.length > 0) throw new UsageError('Name one server');
    const findings = await whileWaiting(
      textOption(args, 'attach') === undefined
        ? withLocalServer(args, (server) => examine(server, name))
        : withServer(args, (client) => examineThere(client, name)),
    );
    const { status, ...known } = findings;
    if (args.options['json']) printJson({ name, ...findings });
    else {
      for (const [what, value] of Object.entries(known))
        console.log(`${what.padEnd(12)}${Array.isArray(value) ? value.join(', ') || 'none' : String(value)}`);
      console.log(statusLine(name, status));
    }
    return status.status === 'connected' ? 0 : 1;
  },
};

/** As far as the routes of a server elsewhere go: not the logins it keeps, not what the MCP server says to it. */
async function examineThere(client: ApiClient, name: string): Promise<Findings> {
  const config = await configOf(client, name);
  await client.post(`/mcp/${encodeURIComponent(name)}/connect`);
  const status = (await client.get<Record<string, MCPStatus>>('/mcp'))[name] ?? { status: 'disabled' };
  return { ...aboutConfig(config), enabled: config.enabled !== false, status };
}

async function configOf(client: ApiClient, name: string): Promise<McpServerConfig> {
  const servers = await configuredServers(client);
  await chooseServer(servers, name);
  return servers.get(name) as McpServerConfig;
}

const aboutConfig = (config: McpServerConfig) =>
  config.type === 'local'
    ? { command: placeOf(config), environment: Object.keys(config.environment ?? {}) }
    : { url: placeOf(config), headers: Object.keys(config.headers ?? {}) };

async function examine({ app, client, directory }: LocalServer, name: string): Promise<Findings> {
  const [{ InstanceStore }, { McpAuthStore, McpService, withBasicLogin }] = await Promise.all([
    import('#libs/instance'),
    import('#libs/mcp'),
  ]);
  const config = withBasicLogin(await configOf(client, name));
  const about = {
    ...aboutConfig(config),
    ...(config.type === 'remote' && {
      login: config.oauth === false ? 'switched off' : await loginState(app.get(McpAuthStore), name, config.url),
      answer: await answerOf(config),
    }),
  };
  return app.get(InstanceStore).use(directory, async (instance) => {
    const mcp = app.get(McpService);
    await mcp.connect(instance, name);
    const server = await mcp.find(instance, name);
    const tools = await server?.ask((connection) => connection.tools()).catch(() => undefined);
    const status: MCPStatus = server?.status ?? { status: 'disabled' };
    return {
      ...about,
      enabled: config.enabled !== false,
      ...(tools && { tools: tools.map(({ name }) => name) }),
      status,
    };
  });
}

/** What the server says to somebody who is not logged in. */
async function answerOf({ url, headers }: McpRemoteConfig): Promise<string> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { accept: 'application/json, text/event-stream', 'content-type': 'application/json', ...headers },
      body: JSON.stringify(INITIALIZE),
      // the headers are for this server
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE),
    });
    await response.body?.cancel();
    const { status, statusText } = response;
    const [type, challenge, target] = ['content-type', 'www-authenticate', 'location'].map((header) =>
      response.headers.get(header),
    );
    return [status, statusText, type, challenge && `(${challenge})`, target && `leads to ${target}`]
      .filter(Boolean)
      .join(' ');
  } catch (error) {
    const { message, cause } = error as Error;
    return `none: ${cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : message}`;
  }
}
