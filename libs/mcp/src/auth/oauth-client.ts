import type {
  OAuthClientInformationContext,
  OAuthClientMetadata,
  OAuthClientProvider,
  OAuthDiscoveryState,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from '@modelcontextprotocol/client';
import { randomBytes } from 'node:crypto';
import type { McpRemoteConfig } from '#libs/contract';
import type { McpAuthStore } from './mcp-auth.store.js';
import { DEFAULT_REDIRECT } from './redirect.js';

export interface OAuthClientOptions {
  name: string;
  config: McpRemoteConfig;
  store: McpAuthStore;
  /** Where the browser is sent when the person has agreed; absent: nobody logs in, tokens are renewed at most. */
  redirectUrl?: string;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Our side of one login: credentials are kept in the store, what belongs to this login only is kept here. */
export class OAuthClient implements OAuthClientProvider {
  /** Where the person has to go; set when a login is needed. */
  authorizationUrl?: URL;
  /** Comes back with the code. */
  readonly expectedState = randomBytes(32).toString('base64url');
  readonly redirectUrl: string;
  /** Absent when a client was registered by hand. */
  readonly saveClientInformation?: (info: StoredOAuthClientInformation) => Promise<void>;
  private verifier?: string;
  private discovery?: OAuthDiscoveryState;

  constructor(private readonly options: OAuthClientOptions) {
    this.redirectUrl = options.redirectUrl ?? DEFAULT_REDIRECT;
    if (this.own.clientId === undefined) this.saveClientInformation = (info) => this.saveRegistered(info);
  }

  get clientMetadata(): OAuthClientMetadata {
    const { clientSecret, scope } = this.own;
    return {
      redirect_uris: [this.redirectUrl],
      client_name: 'OpenCode',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: clientSecret === undefined ? 'none' : 'client_secret_post',
      ...(scope !== undefined && { scope }),
    };
  }

  state(): string {
    return this.expectedState;
  }

  async clientInformation(context?: OAuthClientInformationContext): Promise<StoredOAuthClientInformation | undefined> {
    const { clientId, clientSecret } = this.own;
    if (clientId !== undefined)
      return { client_id: clientId, ...(clientSecret !== undefined && { client_secret: clientSecret }) };
    const { clientInfo } = await this.stored();
    if (!clientInfo) return undefined;
    const { clientSecretExpiresAt: expires = 0, redirectUri = DEFAULT_REDIRECT } = clientInfo;
    if (expires > 0 && expires < this.seconds()) return undefined;
    // registered for another address: of no use for a login
    if (redirectUri !== (this.options.redirectUrl ?? redirectUri)) return undefined;
    return {
      client_id: clientInfo.clientId,
      ...(clientInfo.clientSecret !== undefined && { client_secret: clientInfo.clientSecret }),
      ...issuerOf(clientInfo.issuer ?? context?.issuer),
    };
  }

  async tokens(context?: OAuthClientInformationContext): Promise<StoredOAuthTokens | undefined> {
    const { tokens } = await this.stored();
    if (!tokens) return undefined;
    return {
      access_token: tokens.accessToken,
      token_type: 'Bearer',
      ...(tokens.refreshToken !== undefined && { refresh_token: tokens.refreshToken }),
      ...(tokens.expiresAt !== undefined && { expires_in: Math.max(0, tokens.expiresAt - this.seconds()) }),
      ...(tokens.scope !== undefined && { scope: tokens.scope }),
      ...issuerOf(tokens.issuer ?? context?.issuer),
    };
  }

  async saveTokens(tokens: StoredOAuthTokens): Promise<void> {
    const { refreshToken } = (await this.stored()).tokens ?? {};
    const refresh = tokens.refresh_token ?? refreshToken;
    await this.save({
      tokens: {
        accessToken: tokens.access_token,
        ...(refresh !== undefined && { refreshToken: refresh }),
        ...(tokens.expires_in !== undefined && { expiresAt: this.seconds() + tokens.expires_in }),
        ...(tokens.scope !== undefined && { scope: tokens.scope }),
        ...issuerOf(tokens.issuer),
      },
    });
  }

  redirectToAuthorization(url: URL): void {
    this.authorizationUrl = url;
  }

  saveCodeVerifier(verifier: string): void {
    this.verifier = verifier;
  }

  codeVerifier(): string {
    if (this.verifier === undefined) throw new Error('The login was not started here');
    return this.verifier;
  }

  saveDiscoveryState(state: OAuthDiscoveryState): void {
    this.discovery = state;
  }

  discoveryState(): OAuthDiscoveryState | undefined {
    return this.discovery;
  }

  async invalidateCredentials(scope: 'all' | 'client' | 'tokens' | 'verifier' | 'discovery'): Promise<void> {
    if (scope === 'all' || scope === 'verifier') this.verifier = undefined;
    if (scope === 'all' || scope === 'discovery') this.discovery = undefined;
    if (scope === 'all' || scope === 'tokens') await this.save({ tokens: undefined });
    if (scope === 'all' || scope === 'client') await this.save({ clientInfo: undefined });
  }

  private async saveRegistered(info: StoredOAuthClientInformation): Promise<void> {
    const { client_id_issued_at: issued, client_secret_expires_at: expires } = info as {
      client_id_issued_at?: number;
      client_secret_expires_at?: number;
    };
    await this.save({
      clientInfo: {
        clientId: info.client_id,
        ...(info.client_secret !== undefined && { clientSecret: info.client_secret }),
        ...(issued !== undefined && { clientIdIssuedAt: issued }),
        ...(expires !== undefined && { clientSecretExpiresAt: expires }),
        ...issuerOf(info.issuer),
        redirectUri: this.redirectUrl,
      },
    });
  }

  private get own() {
    return this.options.config.oauth || {};
  }

  private seconds(): number {
    return Math.floor(this.options.now() / 1000);
  }

  private stored() {
    const { store, name, config } = this.options;
    return store.find(name, config.url);
  }

  private save(parts: Parameters<McpAuthStore['update']>[2]): Promise<void> {
    const { store, name, config } = this.options;
    return store.update(name, config.url, parts);
  }
}

const issuerOf = (issuer: string | undefined) => (issuer === undefined ? {} : { issuer });
