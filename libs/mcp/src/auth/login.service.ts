import { Injectable } from '@nestjs/common';
import type { McpRemoteConfig } from '#libs/contract';
import type { Instance } from '#libs/instance';
import { McpConnector } from '../connection/connector.service.js';
import { ScopeNeededError } from '../connection/mcp.error.js';
import { explain } from '../server/explain.js';
import { type Authorization, AuthorizationService } from './authorization.service.js';
import { impossible } from './impossible.js';
import { LoginNeededError } from './login-needed.error.js';
import type { LoginPlace } from './login-place.js';
import { McpAuthStore } from './mcp-auth.store.js';
import { type CallbackHandler, OAuthCallback } from './oauth-callback.service.js';
import { DEFAULT_REDIRECT } from './redirect.js';
import { RequestAuthService } from './request-auth.service.js';

/** A login that waits for a person. */
export interface Login extends Authorization {
  /** Called when the browser comes back. */
  onReturn(handler: CallbackHandler): void;
  release(): void;
}

export interface LoginTarget {
  instance: Instance;
  name: string;
  config: McpRemoteConfig;
}

/** Starts logins at remote servers. */
@Injectable()
export class LoginService {
  constructor(
    private readonly connector: McpConnector,
    private readonly auth: RequestAuthService,
    private readonly authorizations: AuthorizationService,
    private readonly callback: OAuthCallback,
    private readonly store: McpAuthStore,
  ) {}

  /** Undefined when the server lets us in as it is. Rejects with a BadRequestError when no login is possible. */
  async start(target: LoginTarget): Promise<Login | undefined> {
    const { name, config } = target;
    try {
      const place = await this.placeOf(target);
      return place && (await this.begin(target, place));
    } catch (error) {
      const status = explain(config, error);
      throw impossible(`No login at MCP server ${name}: ${'error' in status ? status.error : status.status}`);
    }
  }

  /** Forgets what is kept of logins; false when that was nothing. */
  forget(name: string): Promise<boolean> {
    return this.store.remove(name);
  }

  /** Where one logs in; undefined when that is not needed. */
  private async placeOf(target: LoginTarget, isAgain = false): Promise<LoginPlace | undefined> {
    const { instance, name, config } = target;
    const auth = this.auth.for({ name, config, isLogin: true });
    try {
      const connection = await this.connector.open({ instance, name, config, ...(auth && { auth }) }, instance.signal);
      await connection.close();
      return undefined;
    } catch (error) {
      if (error instanceof LoginNeededError) return error.place;
      // it is known from now on what is needed
      if (error instanceof ScopeNeededError && !isAgain) return this.placeOf(target, true);
      throw error;
    }
  }

  private async begin({ name, config }: LoginTarget, place: LoginPlace): Promise<Login> {
    const lease = await this.callback.lease();
    try {
      // a client that was registered by hand knows the usual address only
      const isByHand = config.oauth && config.oauth.clientId !== undefined;
      const redirectUrl = isByHand ? DEFAULT_REDIRECT : lease.redirectUrl;
      const authorization = await this.authorizations.request({ name, config, place, redirectUrl });
      return {
        ...authorization,
        onReturn: (handler) => lease.expect(authorization.state, handler),
        release: () => lease.release(),
      };
    } catch (error) {
      lease.release();
      throw error;
    }
  }
}
