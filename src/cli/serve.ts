import module from 'node:module';
import { delimiter, resolve } from 'node:path';
import type { Environment } from '#libs/extension';
import type { NetworkOptions } from '../network.js';
import type { ServerHttpOptions } from '../server.module.js';
import type { RunningServer, ServerOptions } from '../server.js';
import type { Command, CommandOptions, ParsedArguments } from './command.js';
import { openLog } from './log.js';
import { untilStopped } from './stop-signals.js';

/** Where and for whom a server listens. */
export const NETWORK_OPTIONS = {
  port: { type: 'string', value: 'number', summary: 'Port to listen on', fallback: '0: 4096, else a free one' },
  hostname: { type: 'string', value: 'host', summary: 'Address to listen on', fallback: '127.0.0.1' },
  mdns: { type: 'boolean', summary: 'Announce the server in the local network; listens on 0.0.0.0' },
  'mdns-domain': { type: 'string', value: 'domain', summary: 'Name to announce', fallback: 'opencode.local' },
  cors: { type: 'string', list: true, value: 'origin', summary: 'Origins allowed besides the usual ones' },
} as const satisfies CommandOptions;

/** Starts the server and stays until a signal ends it. */
export const serve: Command = {
  name: 'serve',
  summary: 'Start the server without a user interface',
  options: NETWORK_OPTIONS,
  run: (args) => runServer(args, serve.name),
};

/** What a command adds to the server. */
interface ServerAddition {
  imports?: ServerOptions['imports'];
  /** Called when the server listens. */
  onListening?: (server: RunningServer) => void;
}

/** Starts a server as the options say, and stays until a signal ends it. */
export async function runServer(
  args: ParsedArguments,
  command: string,
  addition: ServerAddition = {},
): Promise<number> {
  const { processEnvironment, serverCredentials } = await import('./process-environment.js');
  const { KnownSecrets } = await import('#libs/extension');
  const environment = processEnvironment();
  const credentials = serverCredentials();
  const secrets = new KnownSecrets();
  secrets.add([credentials?.password]);
  const log = openLog(environment, args, secrets);
  const { imports = [], onListening } = addition;
  try {
    const { createServer } = await import('../server.js');
    const server = await createServer({
      refreshCatalogue: true,
      ...networkOptions(args),
      environment,
      logger: log,
      secrets,
      http: httpOptions(environment),
      imports,
      ...(credentials && { credentials }),
    });
    // before anybody can know of the server and send a signal
    const stopped = untilStopped(() => server.close());
    if (!credentials) console.log('Warning: OPENCODE_SERVER_PASSWORD is not set; server is unsecured.');
    console.log(`opencode server listening on ${server.url}`);
    onListening?.(server);
    // what plugins leave behind, as a timer or a promise that nobody waits for, fails for itself
    process.on('uncaughtException', (error) => log.error(error, 'Uncaught'));
    // a server is seldom left in the way that would write the cache
    module.flushCompileCache?.();
    return await stopped;
  } catch (error) {
    log.error(error, command);
    throw error;
  } finally {
    await log.close();
  }
}

/** Directories below which requests may work, separated as in PATH. */
function httpOptions({ variables }: Environment): ServerHttpOptions {
  const roots = variables['OPENCODE_ALLOWED_ROOTS']?.split(delimiter).filter((root) => root !== '') ?? [];
  return roots.length === 0 ? {} : { allowedRoots: roots.map((root) => resolve(root)) };
}

/** What the options ask for; what they leave open is not there. */
export function networkOptions({ options }: ParsedArguments): NetworkOptions {
  const { port, hostname, mdns, cors } = options;
  const domain = options['mdns-domain'];
  return {
    ...(typeof port === 'string' ? { port: portOf(port) } : {}),
    ...(typeof hostname === 'string' ? { hostname } : {}),
    ...(typeof mdns === 'boolean' ? { mdns } : {}),
    ...(typeof domain === 'string' ? { mdnsDomain: domain } : {}),
    ...(Array.isArray(cors) ? { cors: cors as string[] } : {}),
  };
}

/** No number: any free port. */
function portOf(text: string): number | 'preferred' {
  const port = Math.trunc(Number(text));
  if (Number.isNaN(port)) return 0;
  return port <= 0 ? 'preferred' : port;
}
