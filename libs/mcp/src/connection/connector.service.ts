import type { Transport } from '@modelcontextprotocol/client';
import { Injectable, Logger } from '@nestjs/common';
import type { McpLocalConfig, McpRemoteConfig, McpServerConfig } from '#libs/contract';
import { Clock, Environment, inTime, LONGEST_TIMER, ProcessRunner } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { failureText } from './failure-text.js';
import { HttpTransport } from './http-transport.adapter.js';
import { limitedFetch } from './limited-response.js';
import { McpConnection } from './mcp-connection.js';
import { CONNECTION_CLOSED, McpError } from './mcp.error.js';
import { ProcessTransport } from './process-transport.adapter.js';
import { loadSdk, type Sdk } from './sdk.js';
import { ServerLog } from './server-log.js';
import { secretsOf } from './server-secrets.js';
import { httpStatusOf, isStreamError } from './thrown.js';

/** Milliseconds to connect and to list the tools, unless the configuration says otherwise. */
export const CONNECT_TIMEOUT = 30_000;
/** Milliseconds for telling a remote server that its session is over. */
const GOODBYE = 1_000;

/** What logs in to remote servers; as the transports of the SDK take it. */
export interface RequestAuth {
  /** Requests of the connection, made by `next`. */
  over(next: typeof fetch): typeof fetch;
  token(): Promise<string | undefined>;
  onUnauthorized(refusal: { response: Response; serverUrl: URL; fetchFn: typeof fetch }): Promise<void>;
}

export interface ConnectTarget {
  instance: Instance;
  name: string;
  config: McpServerConfig;
  /** Absent: a server that asks for a login is not connected to. */
  auth?: RequestAuth;
}

interface Opening {
  sdk: Sdk;
  /** Aborted when the attempt is given up. */
  signal: AbortSignal;
}

/** Connects to MCP servers: starts those that are programs, reaches the others over HTTP. */
@Injectable()
export class McpConnector {
  private readonly log = new Logger('Mcp');

  constructor(
    private readonly processes: ProcessRunner,
    private readonly environment: Environment,
    private readonly clock: Clock,
  ) {}

  /**
   * Resolves when the server has listed its tools. Rejects with what went wrong, or the reason of the signal; nothing
   * is left running then.
   */
  async open(target: ConnectTarget, signal: AbortSignal): Promise<McpConnection> {
    const sdk = await loadSdk();
    const { config } = target;
    const timeout = timeoutOf(config);
    const limit = AbortSignal.timeout(timeout);
    const opening = { sdk, signal: AbortSignal.any([signal, limit]) };
    try {
      return await (config.type === 'local'
        ? this.openLocal({ ...target, config }, opening)
        : this.openRemote({ ...target, config }, opening));
    } catch (error) {
      signal.throwIfAborted();
      if (limit.aborted) throw new Error(`Operation timed out after ${timeout}ms`, { cause: error });
      throw error;
    }
  }

  private async openLocal(
    { instance, name, config }: ConnectTarget & { config: McpLocalConfig },
    opening: Opening,
  ): Promise<McpConnection> {
    const [command, ...args] = config.command;
    if (command === undefined || command === '') throw new Error('The command is empty');
    const secrets = secretsOf(config);
    const errors = new ServerLog({
      write: (line) => this.log.log(`${name}: ${line}`),
      now: () => this.clock.now(),
      secrets,
    });
    const launch = () =>
      this.processes.start({
        command,
        args,
        cwd: instance.directory,
        env: { ...this.environment.variables, AGENT: '1', OPENCODE: '1', ...config.environment },
        onErrorOutput: (text) => errors.push(text),
      });
    const transport = new ProcessTransport(launch, (line) => opening.sdk.deserializeMessage(line));
    try {
      return await this.connect(transport, config, opening);
    } catch (error) {
      throw new Error(await describeEnd(transport, error, secrets), { cause: error });
    }
  }

  private async openRemote(
    { config, auth }: ConnectTarget & { config: McpRemoteConfig },
    opening: Opening,
  ): Promise<McpConnection> {
    const url = URL.parse(config.url);
    if (!url || !/^https?:$/.test(url.protocol)) throw new Error('The url is not an http: or https: URL');
    const { sdk } = opening;
    const options = { requestInit: { headers: config.headers ?? {} }, ...(auth && { authProvider: auth }) };
    const over = (next: typeof fetch) => auth?.over(next) ?? next;
    try {
      return await this.connect(new HttpTransport(sdk, url, { ...options, over }), config, opening);
    } catch (error) {
      if (!speaksAnotherTransport(error)) throw error;
      try {
        return await this.connect(
          new sdk.SSEClientTransport(url, { ...options, fetch: over(limitedFetch) }),
          config,
          opening,
        );
      } catch (second) {
        throw httpStatusOf(second) !== undefined
          ? new Error(`${failureText(error, [])}; as SSE: ${failureText(second, [])}`, { cause: second })
          : second;
      }
    }
  }

  private async connect(
    transport: Transport,
    config: McpServerConfig,
    { sdk, signal }: Opening,
  ): Promise<McpConnection> {
    const client = new sdk.Client({ name: 'opencode', version: this.environment.version }, { capabilities: {} });
    const timeout = timeoutOf(config);
    const note = (error: unknown) => this.log.debug(failureText(error, secretsOf(config)));
    client.onerror = note;
    const http = transport instanceof HttpTransport ? transport : undefined;
    const close = async () => {
      if (http) await inTime(http.leave(), { milliseconds: GOODBYE }).catch(() => undefined);
      // a client that never connected does not know its transport
      for (const part of [client, transport]) await part.close().catch(() => undefined);
    };
    try {
      await inTime(client.connect(transport, { timeout, signal }), { signal });
      const connection = new McpConnection(client, { timeout, close, isHeard: () => http?.isHeard ?? true });
      if (http) {
        http.onHearing = () => connection.forgetLists();
        http.onUnreachable = (error) => connection.lose(error);
      }
      client.onerror = (error) => {
        note(error);
        // it would be opened again by itself, and lead to a session that knows nothing of us
        if (isStreamError(error)) connection.lose(error);
      };
      await inTime(connection.tools(), { signal });
      return connection;
    } catch (error) {
      await close();
      throw McpError.from(error);
    }
  }
}

/** A server without the newer HTTP transport does not know the request, or the method. */
function speaksAnotherTransport(error: unknown): boolean {
  const status = httpStatusOf(error);
  return status !== undefined && status >= 400 && status !== 401 && status !== 403;
}

/** Why a program could not be connected to: also how it ended, and its last words. */
async function describeEnd(transport: ProcessTransport, error: unknown, secrets: readonly string[]): Promise<string> {
  const closed = (error as { code?: unknown }).code === CONNECTION_CLOSED;
  const ended = closed ? await transport.ended : undefined;
  const words = transport.lastWords.trim().split('\n').slice(-3).join(' ');
  return [
    failureText(error, secrets),
    ended && (ended.exitCode === null ? 'ended by a signal' : `exit code ${ended.exitCode}`),
    words !== '' && `its last words: ${failureText(words, secrets)}`,
  ]
    .filter(Boolean)
    .join('; ');
}

function timeoutOf({ timeout = CONNECT_TIMEOUT }: McpServerConfig): number {
  return Math.min(timeout, LONGEST_TIMER);
}
