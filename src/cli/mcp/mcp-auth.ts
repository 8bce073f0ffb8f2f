import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { McpAuthStartResponse, MCPStatus } from '#libs/contract';
import type { McpAuthStore } from '#libs/mcp';
import { type Command, textOption, UsageError } from '../command.js';
import { openPage } from '../open-page.js';
import { JSON_OPTION, printJson, printTable } from '../print.js';
import type { ApiClient } from '../server/api-client.js';
import {
  DIRECTORY_OPTIONS,
  type LocalServer,
  SERVER_OPTIONS,
  withLocalServer,
  withServer,
} from '../server/with-server.js';
import { chooseServer, loginServers, placeOf, statusLine } from './servers.js';

/** Milliseconds a person has to log in at a server elsewhere, and between two looks at it. */
const PATIENCE = 5 * 60_000;
const POLL = 500;

export const mcpAuth: Command = {
  name: 'mcp auth',
  summary: 'Log in to an MCP server, in the browser',
  words: '[name]',
  options: SERVER_OPTIONS,

  async run(args) {
    const given = onlyName(args.words);
    if (textOption(args, 'attach') !== undefined)
      return withServer(args, async (client) => {
        const name = await chooseServer(await loginServers(client), given);
        return name === undefined ? 1 : report(name, await login(loginThere(client, name)));
      });
    return withLocalServer(args, async ({ app, client, directory }) => {
      const name = await chooseServer(await loginServers(client), given);
      if (name === undefined) return 1;
      const [{ InstanceStore }, { McpAuthService }] = await Promise.all([
        import('#libs/instance'),
        import('#libs/mcp'),
      ]);
      const auth = app.get(McpAuthService);
      const status = await app.get(InstanceStore).use(directory, (instance) =>
        login({
          start: () => auth.login(instance, name),
          finish: (code) => auth.finish(instance, name, code),
        }),
      );
      return report(name, status);
    });
  },
};

/** A login that goes on at a server, here or elsewhere. */
interface ServerLogin {
  /** The page for the browser, empty when no login is needed; what comes of it, once the browser has come back. */
  start: () => Promise<{ url: string; outcome: Promise<MCPStatus> }>;
  finish: (code: string) => Promise<MCPStatus>;
}

/** At a server that runs already; whether the browser came back there is seen by the state of the connection. */
function loginThere(client: ApiClient, name: string): ServerLogin {
  const path = `/mcp/${encodeURIComponent(name)}/auth`;
  const state = async () => (await client.get<Record<string, MCPStatus>>('/mcp'))[name];
  const outcome = async (): Promise<MCPStatus> => {
    for (const end = Date.now() + PATIENCE; Date.now() < end; await sleep(POLL)) {
      const status = await state();
      if (status && status.status !== 'needs_auth' && status.status !== 'disabled') return status;
    }
    return { status: 'failed', error: 'Nobody logged in within five minutes' };
  };
  return {
    start: async () => {
      const { authorizationUrl: url } = await client.post<McpAuthStartResponse>(path);
      return { url, outcome: outcome() };
    },
    finish: (code) => client.post<MCPStatus>(`${path}/callback`, { code }),
  };
}

function report(name: string, status: MCPStatus): number {
  console.error(statusLine(name, status));
  return status.status === 'connected' ? 0 : 1;
}

async function login({ start, finish }: ServerLogin): Promise<MCPStatus> {
  const { url, outcome } = await start();
  if (url === '') {
    console.error('No login is needed.');
    return outcome;
  }
  await openPage(url);
  const over = new AbortController();
  const code = pastedCode(over.signal).then(finish);
  try {
    return await Promise.race([outcome, code]);
  } finally {
    over.abort();
  }
}

/** For a browser on another machine, which cannot come back here. Never resolves where nobody can paste. */
async function pastedCode(signal: AbortSignal): Promise<string> {
  console.error('Waiting for the browser to come back, five minutes at most.');
  if (!process.stdin.isTTY) return new Promise(() => undefined);
  using lines = createInterface({ input: process.stdin, output: process.stderr });
  const question = 'If it cannot, paste the address at which it ended, or the code in it: ';
  const pasted = await lines.question(question, { signal }).catch(() => undefined);
  if (pasted === undefined) return new Promise(() => undefined);
  return URL.parse(pasted.trim())?.searchParams.get('code') ?? pasted.trim();
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
