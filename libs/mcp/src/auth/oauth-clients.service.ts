import type { OAuthClientInformationMixed, OAuthClientMetadata } from '@modelcontextprotocol/client';
import { Injectable } from '@nestjs/common';
import type { McpRemoteConfig } from '#libs/contract';
import { Clock } from '#libs/extension';
import { RegistrationNeededError } from '../connection/mcp.error.js';
import { asThrown } from '../connection/thrown.js';
import type { LoginPlace } from './login-place.js';
import type { LoginStep } from './login-step.js';
import { McpAuthStore, type McpCredentials } from './mcp-auth.store.js';
import { DEFAULT_REDIRECT } from './redirect.js';

type KeptClient = NonNullable<McpCredentials['clientInfo']>;

export interface OAuthClient {
  readonly information: OAuthClientInformationMixed;
  /** To be kept with the tokens that are given to it; absent for a client that was registered by hand. */
  readonly registered?: KeptClient;
}

/** The clients that we are to authorisation servers. */
@Injectable()
export class OAuthClients {
  constructor(
    private readonly store: McpAuthStore,
    private readonly clock: Clock,
  ) {}

  /**
   * The client of the configuration, or the one that was registered before, or a new one. Rejects with a
   * RegistrationNeededError where none can be registered.
   * @param redirectUrl where the browser comes back to; absent: nobody logs in now
   */
  async at(step: LoginStep, place: LoginPlace, redirectUrl?: string): Promise<OAuthClient> {
    const { name, config } = step;
    const { clientId, clientSecret } = config.oauth || {};
    const metadata = metadataOf(config, redirectUrl ?? DEFAULT_REDIRECT);
    if (clientId !== undefined) {
      const secret = clientSecret === undefined ? {} : { client_secret: clientSecret };
      return { information: { ...metadata, client_id: clientId, ...secret } };
    }
    const { clientInfo } = await this.store.find(name, config.url);
    const isKnown = clientInfo && this.isOfUse(clientInfo, place, redirectUrl);
    const registered = isKnown ? clientInfo : await this.register(step, place, metadata);
    const secret = registered.clientSecret === undefined ? {} : { client_secret: registered.clientSecret };
    return { information: { client_id: registered.clientId, ...secret }, registered };
  }

  private async register(
    { sdk, name, config, fetch }: LoginStep,
    { url, issuer, metadata, scope }: LoginPlace,
    clientMetadata: OAuthClientMetadata,
  ): Promise<KeptClient> {
    const client = await sdk
      .registerClient(url, {
        clientMetadata,
        fetchFn: fetch,
        ...(metadata && { metadata }),
        ...(scope !== undefined && { scope }),
      })
      .catch((error: unknown) => {
        throw asRegistrationNeeded(error);
      });
    const { client_id, client_secret, client_id_issued_at: issued, client_secret_expires_at: expires } = client;
    const clientInfo: KeptClient = {
      clientId: client_id,
      ...(client_secret !== undefined && { clientSecret: client_secret }),
      ...(issued !== undefined && { clientIdIssuedAt: issued }),
      ...(expires !== undefined && { clientSecretExpiresAt: expires }),
      issuer,
      redirectUri: clientMetadata.redirect_uris[0] ?? DEFAULT_REDIRECT,
    };
    // tokens that there are belong to the client that they were given to
    await this.store.update(name, config.url, ({ tokens }) => (tokens ? undefined : { clientInfo }));
    return clientInfo;
  }

  private isOfUse(info: KeptClient, place: LoginPlace, redirectUrl?: string): boolean {
    const { clientSecretExpiresAt: expires = 0, redirectUri = DEFAULT_REDIRECT, issuer = place.issuer } = info;
    if (expires > 0 && expires * 1000 <= this.clock.now()) return false;
    return issuer === place.issuer && redirectUri === (redirectUrl ?? redirectUri);
  }
}

function metadataOf({ oauth }: McpRemoteConfig, redirectUrl: string): OAuthClientMetadata {
  const { clientSecret, scope } = oauth || {};
  return {
    redirect_uris: [redirectUrl],
    client_name: 'OpenCode',
    application_type: 'native',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: clientSecret === undefined ? 'none' : 'client_secret_post',
    ...(scope !== undefined && { scope }),
  };
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
