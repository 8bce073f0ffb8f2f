import { Injectable } from '@nestjs/common';
import { type McpRemoteConfig, type MCPStatus, NotFoundError } from '#libs/contract';
import { EventBus } from '#libs/event';
import { Browser, Clock } from '#libs/extension';
import { type Instance, InstanceState } from '#libs/instance';
import { failureText } from '../connection/failure-text.js';
import { secretsOf } from '../connection/server-secrets.js';
import { McpService } from '../mcp.service.js';
import type { McpServer } from '../server/mcp-server.js';
import type { LoginCode } from './authorization.service.js';
import { impossible } from './impossible.js';
import { type Login, LoginService } from './login.service.js';

/** Milliseconds a person has to log in. */
const PATIENCE = 5 * 60_000;

interface Pending extends Login {
  server: McpServer;
  done: PromiseWithResolvers<MCPStatus>;
  /** Aborted when nothing is to come of it any more. */
  over: AbortController;
}

/**
 * Logs in to remote MCP servers with OAuth.
 * @publicApi
 */
@Injectable()
export class McpAuthService {
  private readonly pending = new InstanceState(
    () => new Map<string, Pending>(),
    (logins) => {
      for (const name of [...logins.keys()]) this.end(logins, name, failed('The instance was disposed'));
    },
  );

  constructor(
    private readonly mcp: McpService,
    private readonly logins: LoginService,
    private readonly clock: Clock,
    private readonly browser: Browser,
    private readonly bus: EventBus,
  ) {}

  /**
   * Starts a login and resolves to the page where the person agrees; empty when none is needed. When the browser comes
   * back within five minutes the login is complete, also without {@link finish}.
   * Rejects with a NotFoundError or an BadRequestError.
   */
  async start(instance: Instance, name: string): Promise<string> {
    return (await this.begin(instance, name))?.url ?? '';
  }

  /** Completes a login with the code from the browser. A wrong code is a status, and may be given again. */
  async finish(instance: Instance, name: string, code: string): Promise<MCPStatus> {
    const logins = this.pending.get(instance);
    const login = logins.get(name);
    if (!login) {
      await this.remote(instance, name);
      throw impossible(`No pending OAuth flow for MCP server: ${name}. Start one with POST /mcp/${name}/auth`);
    }
    const outcome = await this.complete(login, { code });
    if (!isFailed(outcome)) this.end(logins, name, outcome);
    return outcome;
  }

  /**
   * A whole login: opens the browser and waits for it to come back. Rejects as {@link start} does; `outcome` is the
   * status after it, `failed` when nobody logs in within five minutes.
   */
  async authenticate(instance: Instance, name: string): Promise<{ outcome: Promise<MCPStatus> }> {
    const { url, outcome } = await this.login(instance, name);
    if (url !== '')
      void this.browser.open(url).then((opened) => {
        if (!opened) this.bus.publish(instance, 'mcp.browser.open.failed', { mcpName: name, url });
      });
    return { outcome };
  }

  /** {@link authenticate} for those who open the page themselves; `url` is empty when no login is needed. */
  async login(instance: Instance, name: string): Promise<{ url: string; outcome: Promise<MCPStatus> }> {
    const { server } = await this.remote(instance, name);
    const login = await this.begin(instance, name);
    return login ? { url: login.url, outcome: login.done.promise } : { url: '', outcome: connected(server) };
  }

  /** Forgets the login; an open connection stays. Rejects with a NotFoundError when the name means nothing at all. */
  async remove(instance: Instance, name: string): Promise<void> {
    this.end(this.pending.get(instance), name, failed('The login was removed'));
    if (!(await this.logins.forget(name)) && !(await this.mcp.find(instance, name))) throw notFound(name);
  }

  private async begin(instance: Instance, name: string): Promise<Pending | undefined> {
    const { server, config } = await this.remote(instance, name);
    const login = await this.logins.start({ instance, name, config });
    if (!login) return undefined;
    const logins = this.pending.get(instance);
    this.end(logins, name, failed('Another login was started'));
    const over = new AbortController();
    const pending: Pending = { ...login, server, done: Promise.withResolvers<MCPStatus>(), over };
    logins.set(name, pending);
    const endWith = (outcome: MCPStatus) => {
      if (logins.get(name) === pending) this.end(logins, name, outcome);
    };
    void this.clock.sleep(PATIENCE, over.signal).then(
      () => endWith(failed('Nobody logged in within five minutes')),
      () => undefined,
    );
    login.onReturn(async (parameters) => {
      const outcome = await this.returned(pending, parameters);
      endWith(outcome);
      return isFailed(outcome) ? outcome.error : undefined;
    });
    if (instance.signal.aborted) endWith(failed('The instance was disposed'));
    return pending;
  }

  private async returned(login: Pending, parameters: URLSearchParams): Promise<MCPStatus> {
    const refusal = parameters.get('error');
    if (refusal !== null) return failed(failureText(parameters.get('error_description') ?? refusal, []));
    return this.complete(login, { code: parameters.get('code') ?? '', iss: parameters.get('iss') });
  }

  private async complete({ redeem, over, server }: Pending, code: LoginCode): Promise<MCPStatus> {
    try {
      await redeem(code, over.signal);
    } catch (error) {
      return failed(failureText(error, secretsOf(server.config)));
    }
    await server.connect();
    return server.status;
  }

  private end(logins: Map<string, Pending>, name: string, outcome: MCPStatus): void {
    const login = logins.get(name);
    if (!login) return;
    logins.delete(name);
    login.over.abort(new Error('The login is over'));
    login.release();
    login.done.resolve(outcome);
  }

  private async remote(instance: Instance, name: string): Promise<{ server: McpServer; config: McpRemoteConfig }> {
    const server = await this.mcp.find(instance, name);
    if (!server) throw notFound(name);
    const { config } = server;
    if (config.type !== 'remote' || config.oauth === false)
      throw impossible(`MCP server ${name} does not support OAuth`);
    return { server, config };
  }
}

async function connected(server: McpServer): Promise<MCPStatus> {
  if (!server.isConnected) await server.connect();
  return server.status;
}

const notFound = (name: string) => new NotFoundError(`MCP server not found: ${name}`);

const failed = (error: string): MCPStatus => ({ status: 'failed', error });

const isFailed = (status: MCPStatus): status is Extract<MCPStatus, { status: 'failed' }> => status.status === 'failed';
