import type { LoggerService, ModuleMetadata } from '@nestjs/common';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KnownSecrets, SystemEnvironment } from '#libs/extension';
import { createServer, type RunningServer, type ServerOptions } from '../server.js';
import { EventReader } from './event-reader.js';
import { makeFolder, removeFolder } from './temporary-folder.js';
import { readReply, sendRequest, type TestReply, type TestRequest } from './test-request.js';

/** @publicApi */
export interface TestServerOptions extends Omit<Partial<ServerOptions>, 'environment' | 'logger'> {
  /** Environment variables besides those that keep the server away from the machine it runs on. */
  variables?: Record<string, string>;
  /** Directory of requests that name none; default: the home directory of the test. */
  directory?: string;
  /** Content of the global `opencode.json`. */
  globalConfig?: Record<string, unknown>;
  /** Home directory; default a new one that is removed at the end. Give one to start again on the same data. */
  home?: string;
  /** Further modules, such as a plugin under test. */
  imports?: ModuleMetadata['imports'];
}

/**
 * The real server on a free port, with a home directory of its own and nothing of the machine's settings.
 *
 * @example
 * await using server = await TestServer.start();
 * const { body: session } = await server.request('/session', { directory: project.directory, json: {} });
 * @publicApi
 */
export class TestServer implements AsyncDisposable {
  private readonly readers: EventReader[] = [];

  private constructor(
    private readonly running: RunningServer,
    readonly home: string,
    /** Log lines of the server, newest last. */
    readonly logs: readonly string[],
    private readonly ownsHome: boolean,
  ) {}

  static async start(options: TestServerOptions = {}): Promise<TestServer> {
    const { variables = {}, globalConfig, home: given, directory, ...rest } = options;
    const home = given ?? (await makeFolder());
    const environment = new SystemEnvironment(isolated(home, variables), directory ?? home);
    if (globalConfig) {
      await mkdir(environment.paths.config, { recursive: true });
      await writeFile(join(environment.paths.config, 'opencode.json'), JSON.stringify(globalConfig));
    }
    const logs: string[] = [];
    const secrets = rest.secrets ?? new KnownSecrets();
    try {
      const running = await createServer({
        port: 0,
        storage: 'memory',
        localModels: false,
        ...rest,
        environment,
        secrets,
        logger: collector(logs, secrets),
      });
      return new TestServer(running, home, logs, given === undefined);
    } catch (error) {
      if (given === undefined) await removeFolder(home);
      throw error;
    }
  }

  get url(): string {
    return this.running.url;
  }

  get app(): RunningServer['app'] {
    return this.running.app;
  }

  /** Sends a request to a path of the server. */
  fetch(path: string, request: TestRequest = {}): Promise<Response> {
    return sendRequest(new URL(path, this.url), request);
  }

  /** Sends a request and reads the answer. */
  async request(path: string, request: TestRequest = {}): Promise<TestReply> {
    return readReply(await this.fetch(path, request));
  }

  /** Opens `/event` of a project, or `/global/event` without one; read from `server.connected` on. */
  async events(
    options: { directory?: string; path?: string; headers?: Record<string, string> } = {},
  ): Promise<EventReader> {
    const { directory, headers = {} } = options;
    const path = options.path ?? (directory === undefined ? '/global/event' : '/event');
    const reader = await EventReader.open(new URL(path, this.url), {
      ...(directory === undefined ? {} : { 'x-opencode-directory': encodeURIComponent(directory) }),
      ...headers,
    });
    this.readers.push(reader);
    await reader.next('server.connected');
    return reader;
  }

  /** Stops the server and removes what it wrote, unless the home directory was given. */
  async close(): Promise<void> {
    for (const reader of this.readers.splice(0)) reader.close();
    await this.running.close();
    if (this.ownsHome) await removeFolder(this.home);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/**
 * Variables of a server that must not see the settings of the machine: its home, no catalogue download, and programs
 * on the search path only.
 */
export function isolated(home: string, more: Record<string, string> = {}): Record<string, string> {
  // npm puts the programs of the package under test in front: they are not those of the project
  const path = process.env['PATH']?.replaceAll(/[^:]*node_modules\/\.bin:/g, '');
  return {
    ...(path === undefined ? {} : { PATH: path }),
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_DATA_HOME: join(home, '.local/share'),
    XDG_STATE_HOME: join(home, '.local/state'),
    XDG_CACHE_HOME: join(home, '.cache'),
    GIT_CONFIG_NOSYSTEM: '1',
    OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    OPENCODE_TEST_MANAGED_CONFIG_DIR: join(home, 'managed'),
    SHELL: '/bin/sh',
    ...more,
  };
}

function collector(logs: string[], secrets: KnownSecrets): LoggerService {
  const write =
    (level: string) =>
    (message: unknown, ...rest: unknown[]) => {
      const text = [message, ...rest].map((part) => (part instanceof Error ? part.stack : String(part))).join(' ');
      logs.push(secrets.hide(`${level} ${text}`));
    };
  return {
    log: write('INFO'),
    warn: write('WARN'),
    error: write('ERROR'),
    debug: write('DEBUG'),
    fatal: write('FATAL'),
  };
}
