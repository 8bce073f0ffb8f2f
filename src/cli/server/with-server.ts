import { resolve } from 'node:path';
import type { RunningServer } from '../../server.js';
import type { CommandOptions, ParsedArguments } from '../command.js';
import { textOption } from '../command.js';
import { openLog } from '../log.js';
import { endsInTime } from '../stop-signals.js';
import { ApiClient } from './api-client.js';

/** Options of commands that work in a project on this machine. */
export const DIRECTORY_OPTIONS = {
  dir: { type: 'string', value: 'path', summary: 'Project directory', fallback: 'the working directory' },
} as const satisfies CommandOptions;

/** Options of commands that can ask a server that runs already. */
export const SERVER_OPTIONS = {
  ...DIRECTORY_OPTIONS,
  attach: { type: 'string', value: 'url', summary: 'Ask a running server instead of starting one' },
  password: { type: 'string', short: 'p', value: 'text', summary: 'Password of that server' },
} as const satisfies CommandOptions;

/** A server in this process, for as long as a command runs. */
export interface LocalServer {
  readonly client: ApiClient;
  readonly app: RunningServer['app'];
  /** Absolute. */
  readonly directory: string;
}

/** Runs `work` with the server that the options name, or with one of its own. */
export async function withServer<T>(args: ParsedArguments, work: (client: ApiClient) => Promise<T>): Promise<T> {
  const url = textOption(args, 'attach');
  if (url === undefined) return withLocalServer(args, ({ client }) => work(client));
  const { processEnvironment, serverCredentials } = await import('../process-environment.js');
  const credentials = serverCredentials(textOption(args, 'password'));
  return work(
    new ApiClient({
      url: /^https?:\/\//.test(url) ? url : `http://${url}`,
      // the directory is one of the server's machine
      directory: textOption(args, 'dir') ?? processEnvironment().directory,
      ...(credentials && { credentials }),
    }),
  );
}

/** Starts a server that nobody else can use, runs `work`, and ends it. */
export async function withLocalServer<T>(args: ParsedArguments, work: (server: LocalServer) => Promise<T>): Promise<T> {
  const { processEnvironment } = await import('../process-environment.js');
  const { KnownSecrets } = await import('#libs/extension');
  const environment = processEnvironment();
  const directory = resolve(environment.directory, textOption(args, 'dir') ?? '');
  const secrets = new KnownSecrets();
  const log = openLog(environment, args, secrets);
  try {
    const { createServer } = await import('../../server.js');
    const credentials = { username: 'opencode', password: crypto.randomUUID() };
    const network = { port: 0, hostname: '127.0.0.1', mdns: false };
    const server = await createServer({ ...network, environment, credentials, logger: log, secrets });
    try {
      const client = new ApiClient({ url: server.url, directory, credentials });
      return await work({ client, app: server.app, directory });
    } finally {
      await endsInTime(() => server.close());
    }
  } catch (error) {
    log.error(error, 'opencode');
    throw error;
  } finally {
    await log.close();
  }
}
