import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import type { McpRemoteConfig } from '#libs/contract';
import { Clock } from '#libs/extension';
import { keptTokens } from './kept-tokens.js';
import type { LoginPlace } from './login-place.js';
import { loginStep } from './login-step.js';
import { McpAuthStore } from './mcp-auth.store.js';
import { OAuthClients } from './oauth-clients.service.js';

/** What a browser brought back, or a person handed over. */
export interface LoginCode {
  readonly code: string;
  /** Who gave it, as the browser was told, null when it was not told; undefined when a person handed the code over. */
  readonly iss?: string | null;
}

/** An authorisation that a person is asked for. */
export interface Authorization {
  /** The page where the person agrees. */
  readonly url: string;
  /** What the browser comes back with. */
  readonly state: string;
  /** Trades a code for tokens, which are stored. Rejects when that fails, or the signal aborts. */
  readonly redeem: (code: LoginCode, signal: AbortSignal) => Promise<void>;
}

export interface AuthorizationRequest {
  /** Of the MCP server. */
  name: string;
  config: McpRemoteConfig;
  place: LoginPlace;
  /** Where the browser comes back to. */
  redirectUrl: string;
}

/** Asks persons to authorise us: the authorisation code grant, with PKCE. */
@Injectable()
export class AuthorizationService {
  constructor(
    private readonly clients: OAuthClients,
    private readonly store: McpAuthStore,
    private readonly clock: Clock,
  ) {}

  async request({ name, config, place, redirectUrl }: AuthorizationRequest): Promise<Authorization> {
    const { url, issuer, metadata, resource, scope } = place;
    const step = await loginStep(name, config);
    const { sdk } = step;
    const state = randomBytes(32).toString('base64url');
    const client = await this.clients.at(step, place, redirectUrl);
    const about = {
      clientInformation: client.information,
      ...(metadata && { metadata }),
      ...(resource !== undefined && { resource }),
    };
    const { authorizationUrl, codeVerifier } = await sdk.startAuthorization(url, {
      ...about,
      redirectUrl,
      state,
      ...(scope !== undefined && { scope }),
    });
    return {
      url: authorizationUrl.href,
      state,
      redeem: async ({ code, iss = metadata?.issuer }, signal) => {
        const { fetch } = await loginStep(name, config, signal);
        const tokens = await sdk.exchangeAuthorization(url, {
          ...about,
          authorizationCode: code,
          codeVerifier,
          redirectUri: redirectUrl,
          fetchFn: fetch,
          ...(iss != null && { iss }),
        });
        await this.store.update(name, config.url, () => {
          signal.throwIfAborted();
          return {
            tokens: keptTokens(tokens, issuer, this.clock.now()),
            scopeNeeded: undefined,
            ...(client.registered && { clientInfo: client.registered }),
          };
        });
      },
    };
  }
}
