import { createInterface } from 'node:readline/promises';
import type { McpAuthStartResponse, MCPStatus } from '#libs/contract';
import type { Instance } from '#libs/instance';
import type { McpAuthStore } from '#libs/mcp';
import { type Command, textOption, UsageError } from '../command.js';
import { openPage } from '../open-page.js';
import { JSON_OPTION, printJson, printTable } from '../print.js';
import type { ApiClient, ApiEvent } from '../server/api-client.js';
import {
  DIRECTORY_OPTIONS,
  type LocalServer,
  SERVER_OPTIONS,
  withLocalServer,
  withServer,
} from '../server/with-server.js';
import { chooseServer, loginServers, placeOf, statusLine } from './servers.js';

export const mcpAuth: Command = {
  name: 'mcp auth',
  summary: 'Log in to an MCP server, in the browser',
  words: '[name]',
  options: SERVER_OPTIONS,

  async run(args) {
    const given = onlyName(args.words);
    const run = async (client: ApiClient, start: (name: string, signal: AbortSignal) => Promise<ServerLogin>) => {
      const name = await chooseServer(await loginServers(client), given);
      if (name === undefined) return 1;
      const status = await login((signal) => start(name, signal));
      console.error(statusLine(name, status));
      return status.status === 'connected' ? 0 : 1;
    };
    if (textOption(args, 'attach') !== undefined)
      return withServer(args, (client) => run(client, (name, signal) => startThere(client, name, signal)));
    return withLocalServer(args, async ({ app, client, directory }) => {
      const { InstanceStore } = await import('#libs/instance');
      return app.get(InstanceStore).use(directory, (instance) => run(client, (name) => startHere(app, instance, name)));
    });
  },
};

/** A login that goes on at a server. */
interface ServerLogin {
  /** The page to open here; empty when no login is needed, never told when the server opened it. */
  page: Promise<string>;
  /** What comes of it, once the browser has come back. */
  outcome: Promise<MCPStatus>;
  finish: (code: string) => Promise<MCPStatus>;
}

const NEVER = new Promise<never>(() => undefined);

async function login(start: (signal: AbortSignal) => Promise<ServerLogin>): Promise<MCPStatus> {
  const over = new AbortController();
  try {
    const { page, outcome, finish } = await start(over.signal);
    const byHand = page.then((url) => codeOf(url, over.signal)).then(finish);
    return await Promise.race([outcome, byHand]);
  } finally {
    over.abort();
  }
}

async function startHere(app: LocalServer['app'], instance: Instance, name: string): Promise<ServerLogin> {
  const { McpAuthService } = await import('#libs/mcp');
  const auth = app.get(McpAuthService);
  const { url, outcome } = await auth.login(instance, name);
  return { page: Promise.resolve(url), outcome, finish: (code) => auth.finish(instance, name, code) };
}

const HERE = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/** The browser comes back to the machine of the server: from another one, a person has to bring what it got. */
async function startThere(client: ApiClient, name: string, signal: AbortSignal): Promise<ServerLogin> {
  const path = `/mcp/${encodeURIComponent(name)}/auth`;
  const finish = (code: string) => client.post<MCPStatus>(`${path}/callback`, { code });
  const authenticate = () => client.post<MCPStatus>(`${path}/authenticate`);
  if (HERE.test(new URL(client.url).hostname)) {
    const events = await client.events(signal);
    console.error('The server opens the browser.');
    return { page: unopenedPage(events, name), outcome: authenticate(), finish };
  }
  const { authorizationUrl: url } = await client.post<McpAuthStartResponse>(path);
  if (url !== '' && !process.stdin.isTTY)
    throw new Error(`The browser cannot come back to ${client.url}: log in on a terminal, or on that machine`);
  return { page: Promise.resolve(url), outcome: url === '' ? authenticate() : NEVER, finish };
}

/** The page that the server could not open. */
async function unopenedPage(events: AsyncIterable<ApiEvent>, name: string): Promise<string> {
  for await (const { type, properties } of events)
    if (type === 'mcp.browser.open.failed' && properties.mcpName === name) return properties.url;
  return NEVER;
}

/** Opens a page. The code is for a browser on another machine, which cannot come back here; never there without. */
async function codeOf(url: string, signal: AbortSignal): Promise<string> {
  if (url === '') {
    console.error('No login is needed.');
    return NEVER;
  }
  await openPage(url);
  // a browser may be faster than the program that opens it
  if (signal.aborted) return NEVER;
  console.error('Waiting for the browser to come back, five minutes at most.');
  if (!process.stdin.isTTY) return NEVER;
  using lines = createInterface({ input: process.stdin, output: process.stderr });
  const question = 'If it cannot, paste the address at which it ended, or the code in it: ';
  const pasted = await lines.question(question, { signal }).catch(() => undefined);
  if (pasted === undefined) return NEVER;
  const parameters = URL.parse(pasted.trim())?.searchParams;
  const refusal = parameters?.get('error_description') ?? parameters?.get('error');
  if (refusal != null) throw new Error(`The login was refused: ${refusal}`);
  return parameters?.get('code') ?? pasted.trim();
}

const STATES = {
  'logged-in': 'logged in',
  expired: 'expired: renewed at the next use',
  over: 'expired: log in again',
  none: 'not logged in',
} as const;

export const mcpAuthList: Command = {
  name: 'mcp auth list',
  aliases: ['mcp auth ls'],
  summary: 'List the logins at MCP servers',
  options: { ...JSON_OPTION, ...DIRECTORY_OPTIONS },

  async run(args) {
    const logins = await withLocalServer(args, listLogins);
    if (args.options['json']) printJson(logins);
    else if (logins.length === 0) console.error('No MCP server of the configuration takes a login');
    else
      printTable(
        ['Server', 'Login', 'URL'],
        logins.map(({ name, login, url }) => [name, STATES[login], url]),
      );
    return 0;
  },
};

async function listLogins({ app, client }: LocalServer) {
  const { McpAuthStore } = await import('#libs/mcp');
  const store = app.get(McpAuthStore);
  const servers = [...(await loginServers(client))];
  return Promise.all(
    servers.map(async ([name, config]) => {
      return { name, url: placeOf(config), login: await loginState(store, name, config.url) };
    }),
  );
}

/** What is kept of a login; whether the server still takes it is not asked. */
export async function loginState(store: McpAuthStore, name: string, url: string): Promise<keyof typeof STATES> {
  const { tokens } = await store.find(name, url);
  if (!tokens) return 'none';
  if (tokens.expiresAt === undefined || tokens.expiresAt * 1000 > Date.now()) return 'logged-in';
  return tokens.refreshToken === undefined ? 'over' : 'expired';
}

export const mcpLogout: Command = {
  name: 'mcp logout',
  summary: 'Forget the login at an MCP server',
  words: '[name]',
  options: SERVER_OPTIONS,

  async run(args) {
    const given = onlyName(args.words);
    return withServer(args, async (client) => {
      // a login may be left of a server that is in no configuration any more
      const name = given ?? (await chooseServer(await loginServers(client), given));
      if (name === undefined) return 1;
      await client.send('DELETE', `/mcp/${encodeURIComponent(name)}/auth`);
      console.error(`Forgot the login at ${name}`);
      return 0;
    });
  },
};

function onlyName([name, ...rest]: readonly string[]): string | undefined {
  if (rest.length > 0) throw new UsageError('Name one server');
  return name;
}
