import { Injectable, Logger } from '@nestjs/common';
import type { McpRemoteConfig, McpServerConfig } from '#libs/contract';
import { Clock } from '#libs/extension';
import type { RequestAuth } from '../connection/connector.service.js';
import { failureText } from '../connection/failure-text.js';
import { ScopeNeededError } from '../connection/mcp.error.js';
import { loadSdk } from '../connection/sdk.js';
import { asThrown } from '../connection/thrown.js';
import { keptTokens } from './kept-tokens.js';
import { LoginNeededError } from './login-needed.error.js';
import { findLoginPlace, type LoginPlace } from './login-place.js';
import { type LoginStep, loginStep } from './login-step.js';
import { McpAuthStore, type McpCredentials } from './mcp-auth.store.js';
import { type OAuthClient, OAuthClients } from './oauth-clients.service.js';

export interface AuthTarget {
  name: string;
  config: McpRemoteConfig;
  /** Whether a person logs in, and not only a connection is made. */
  isLogin?: boolean;
}

interface Renewal {
  place: LoginPlace;
  client: OAuthClient;
  old: McpCredentials['tokens'];
}

/** Gives requests to remote servers their tokens, and renews those. */
@Injectable()
export class RequestAuthService {
  private readonly log = new Logger('Mcp');
  /** The token by which a server was asked in vain, by name and URL; empty where there was none. */
  private readonly refused = new Map<string, string>();

  constructor(
    private readonly store: McpAuthStore,
    private readonly clients: OAuthClients,
    private readonly clock: Clock,
  ) {}

  /**
   * What the requests of one connection need; undefined when the server may not be logged in to. They reject with a
   * LoginNeededError when a person has to log in, with a ScopeNeededError when the login does not cover a request.
   */
  for(target: AuthTarget): RequestAuth | undefined {
    const { name, config, isLogin = false } = target;
    if (config.oauth === false) return undefined;
    const kept = () => this.store.find(name, config.url);
    /** What the refused requests said to be let in. */
    const refused = new WeakMap<Response, string | null>();
    return {
      over: (next) => async (input, init) => {
        const response = await next(input, init);
        if (response.status === 401) refused.set(response, new Headers(init?.headers).get('authorization'));
        if (response.status === 403) await this.noteScope(target, response);
        return response;
      },
      token: async () => {
        const { tokens, scopeNeeded } = await kept();
        // a server tells nobody who is let in where to log in
        return isLogin && scopeNeeded !== undefined ? undefined : tokens?.accessToken;
      },
      onUnauthorized: ({ response }) =>
        // others, in this process or elsewhere, may do the same: a refresh token may work only once
        this.store.alone(name, config.url, async () => {
          const now = await kept();
          const isRenewed = now.tokens && `Bearer ${now.tokens.accessToken}` !== refused.get(response);
          const wantsMore = isLogin && now.scopeNeeded !== undefined;
          if (!isRenewed || wantsMore) await this.letIn(target, response, now);
        }),
    };
  }

  /** Whether somebody has logged in since the server wanted a login: in another project, or in another process. */
  async isLoggedInNow(name: string, config: McpServerConfig): Promise<boolean> {
    if (config.type !== 'remote') return false;
    const token = (await this.store.find(name, config.url)).tokens?.accessToken;
    return token !== undefined && token !== this.refused.get(keyOf(name, config));
  }

  private async letIn({ name, config, isLogin }: AuthTarget, response: Response, kept: McpCredentials): Promise<void> {
    const step = await loginStep(name, config);
    const wanted = isLogin ? kept.scopeNeeded : undefined;
    const place = await findLoginPlace(step, step.sdk.extractWWWAuthenticateParams(response), wanted);
    // also tells whether there can be one
    const client = await this.clients.at(step, place);
    try {
      if (wanted === undefined && (await this.renew(step, { place, client, old: kept.tokens }))) return;
    } catch (error) {
      if (!isLogin) throw error;
    }
    if (!isLogin) this.refused.set(keyOf(name, config), kept.tokens?.accessToken ?? '');
    throw new LoginNeededError(name, place);
  }

  /** Whether the server is to be asked again. Rejects when nobody knows whether the login is still good. */
  private async renew({ sdk, name, config, fetch }: LoginStep, { place, client, old }: Renewal): Promise<boolean> {
    const { refreshToken, issuer = place.issuer, scope } = old ?? {};
    if (refreshToken === undefined || issuer !== place.issuer) return false;
    /** opencode 1.2.6 knows nothing of our lock: what it has stored meanwhile stays. */
    const replace = (parts: McpCredentials) =>
      this.store.update(name, config.url, ({ tokens }) => (tokens?.refreshToken === refreshToken ? parts : undefined));
    try {
      const { url, metadata, resource } = place;
      const tokens = await sdk.refreshAuthorization(url, {
        clientInformation: client.information,
        refreshToken,
        fetchFn: fetch,
        ...(metadata && { metadata }),
        ...(resource !== undefined && { resource }),
      });
      const kept = keptTokens(tokens, place.issuer, this.clock.now());
      await replace({ tokens: { ...(scope !== undefined && { scope }), ...kept } });
      return true;
    } catch (error) {
      const code = refusalOf(error);
      if (code === undefined)
        throw new Error(`The login could not be renewed: ${failureText(error, [])}`, { cause: error });
      const isOver = await replace({ tokens: undefined, ...(CLIENT.includes(code) && { clientInfo: undefined }) });
      if (isOver) this.log.warn(`${name}: the login is no longer good (${code})`);
      return !isOver && (await this.store.find(name, config.url)).tokens !== undefined;
    }
  }

  private async noteScope({ name, config }: AuthTarget, response: Response): Promise<void> {
    const sdk = await loadSdk();
    const { error, scope } = sdk.extractWWWAuthenticateParams(response);
    const { tokens } = await this.store.find(name, config.url);
    if (error !== 'insufficient_scope' || scope === undefined || !tokens) return;
    if (!sdk.isStrictScopeSuperset(scope, tokens.scope)) return;
    const scopeNeeded = sdk.computeScopeUnion(tokens.scope, scope);
    await this.store.update(name, config.url, () => ({ scopeNeeded }));
    await response.body?.cancel();
    this.refused.set(keyOf(name, config), tokens.accessToken);
    throw new ScopeNeededError(`The login at "${name}" does not cover this (${scope}): opencode mcp auth ${name}`);
  }
}

const keyOf = (name: string, { url }: McpRemoteConfig) => `${name}\n${url}`;

/** Refusals of the client, not of its tokens. */
const CLIENT: readonly string[] = ['invalid_client', 'unauthorized_client'];
/** What an authorisation server says that may say something else later. */
const PASSING: readonly string[] = ['server_error', 'temporarily_unavailable', 'too_many_requests', 'slow_down'];

/** The code by which an authorisation server refused; undefined when it did not answer so. */
function refusalOf(error: unknown): string | undefined {
  const { name, code } = asThrown(error) ?? {};
  return name === 'OAuthError' && typeof code === 'string' && !PASSING.includes(code) ? code : undefined;
}
