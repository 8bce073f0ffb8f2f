import { Injectable } from '@nestjs/common';
import type { McpRemoteConfig } from '#libs/contract';
import type { Instance } from '#libs/instance';
import { McpConnector } from '../connection/connector.service.js';
import { AuthNeededError } from '../connection/mcp.error.js';
import { loadSdk } from '../connection/sdk.js';
import { explain } from '../server/explain.js';
import { impossible } from './impossible.js';
import { type CallbackHandler, OAuthCallback } from './oauth-callback.service.js';
import { DEFAULT_REDIRECT } from './redirect.js';
import { RequestAuthService } from './request-auth.service.js';
import { withTimeLimit } from './time-limit.js';

/** A login that waits for a person. */
export interface Login {
  /** The page where the person agrees. */
  readonly url: string;
  /** Trades what the browser brought back for tokens, which are stored. Rejects when that fails. */
  exchange(parameters: URLSearchParams): Promise<void>;
  /** Called when the browser comes back. */
  onReturn(handler: CallbackHandler): void;
  release(): void;
}

interface LoginTarget {
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
    private readonly callback: OAuthCallback,
  ) {}

  /** Undefined when the server lets us in as it is. Rejects with an BadRequestError when no login is possible. */
  async start({ instance, name, config }: LoginTarget): Promise<Login | undefined> {
    const lease = await this.callback.lease();
    // a client that was registered by hand knows the usual address only
    const isRegistered = config.oauth && config.oauth.clientId !== undefined;
    const client = this.auth.client(name, config, isRegistered ? DEFAULT_REDIRECT : lease.redirectUrl);
    const auth = this.auth.forLogin(client, name, config);
    try {
      const connection = await this.connector.open({ instance, name, config, auth }, instance.signal);
      await connection.close();
      lease.release();
      return undefined;
    } catch (error) {
      const { authorizationUrl } = client;
      if (!(error instanceof AuthNeededError) || !authorizationUrl) {
        lease.release();
        const status = explain(config, error);
        throw impossible(`No login at MCP server ${name}: ${'error' in status ? status.error : status.status}`);
      }
      return {
        url: authorizationUrl.href,
        exchange: async (parameters) => {
          const refusal = parameters.get('error');
          if (refusal !== null) throw new Error(parameters.get('error_description') ?? refusal);
          const sdk = await loadSdk();
          await sdk.auth(client, {
            serverUrl: config.url,
            authorizationCode: parameters.get('code') ?? '',
            ...issuerOf(parameters),
            fetchFn: sdk.createFetchWithInit(withTimeLimit(fetch), { headers: config.headers ?? {} }),
          });
        },
        onReturn: (handler) => lease.expect(client.expectedState, handler),
        release: () => lease.release(),
      };
    }
  }
}

function issuerOf(parameters: URLSearchParams): { iss?: string } {
  const iss = parameters.get('iss');
  return iss === null ? {} : { iss };
}
