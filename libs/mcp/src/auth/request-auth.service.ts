import { Injectable } from '@nestjs/common';
import type { McpRemoteConfig } from '#libs/contract';
import { Clock } from '#libs/extension';
import type { RequestAuth } from '../connection/connector.service.js';
import { AuthNeededError, RegistrationNeededError } from '../connection/mcp.error.js';
import { loadSdk } from '../connection/sdk.js';
import { asThrown } from '../connection/thrown.js';
import { McpAuthStore } from './mcp-auth.store.js';
import { OAuthClient } from './oauth-client.js';
import { withTimeLimit } from './time-limit.js';

/** Gives requests to remote servers their tokens, and renews those. */
@Injectable()
export class RequestAuthService {
  /** The renewal that is under way, by server and URL: a refresh token may work only once. */
  private readonly renewals = new Map<string, Promise<unknown>>();

  constructor(
    private readonly store: McpAuthStore,
    private readonly clock: Clock,
  ) {}

  /** For a server that nobody logs in to right now; undefined when it may not be logged in to. */
  forConnection(name: string, config: McpRemoteConfig): RequestAuth | undefined {
    if (config.oauth === false) return undefined;
    return this.forLogin(this.client(name, config), name, config);
  }

  /** What a login works with. @param redirectUrl where the browser comes back to; absent: nobody logs in */
  client(name: string, config: McpRemoteConfig, redirectUrl?: string): OAuthClient {
    return new OAuthClient({
      name,
      config,
      store: this.store,
      now: () => this.clock.now(),
      ...(redirectUrl !== undefined && { redirectUrl }),
    });
  }

  /** Requests reject with an AuthNeededError when a person has to log in; the client then knows where. */
  forLogin(client: OAuthClient, name: string, config: McpRemoteConfig): RequestAuth {
    /** What the refused requests said to be let in. */
    const refused = new WeakMap<Response, string | null>();
    return {
      fetch: async (input, init) => {
        const response = await fetch(input, init);
        if (response.status === 401) refused.set(response, new Headers(init?.headers).get('authorization'));
        return response;
      },
      token: async () => (await client.tokens())?.access_token,
      onUnauthorized: async ({ response, serverUrl, fetchFn }) => {
        const sdk = await loadSdk();
        const { resourceMetadataUrl, scope } = sdk.extractWWWAuthenticateParams(response);
        const own = config.oauth ? config.oauth.scope : undefined;
        await this.alone(`${name} ${config.url}`, async () => {
          // somebody else, in this process or another, may have renewed it meanwhile
          const current = (await client.tokens())?.access_token;
          if (current !== undefined && `Bearer ${current}` !== refused.get(response)) return;
          const limited = withTimeLimit(fetchFn);
          const options = { serverUrl, resourceMetadataUrl, scope: own ?? scope, fetchFn: limited };
          const result = await sdk.auth(client, options).catch((error: unknown) => {
            throw asRegistrationNeeded(error);
          });
          if (result !== 'AUTHORIZED') throw new AuthNeededError(`The server "${name}" wants a login`);
        });
      },
    };
  }

  private async alone(key: string, work: () => Promise<void>): Promise<void> {
    const turn = (this.renewals.get(key) ?? Promise.resolve()).then(work);
    const settled = turn.catch(() => undefined);
    this.renewals.set(key, settled);
    try {
      await turn;
    } finally {
      if (this.renewals.get(key) === settled) this.renewals.delete(key);
    }
  }
}

/** Statuses by which a server says that it has no registration at all. */
const NO_REGISTRATION: readonly unknown[] = [404, 405, 501];

function asRegistrationNeeded(error: unknown): unknown {
  const { name, message = '', status } = asThrown(error) ?? {};
  const what = 'register a client there and set "oauth": { "clientId": "…" } for this server';
  if (name === 'RegistrationRejectedError') {
    if (NO_REGISTRATION.includes(status))
      return new Error(`The server wants a login and offers none: give it a key with "headers", or ${what}`, {
        cause: error,
      });
    return new RegistrationNeededError(`${message}: ${what}`, { cause: error });
  }
  if (/does not support dynamic client registration/.test(message))
    return new RegistrationNeededError(`${message}: ${what}`, { cause: error });
  return error;
}
