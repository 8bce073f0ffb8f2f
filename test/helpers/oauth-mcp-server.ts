import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';
import type { OAuthServerProvider } from '@modelcontextprotocol/sdk/server/auth/provider.js';
import { InvalidGrantError, InvalidTokenError } from '@modelcontextprotocol/sdk/server/auth/errors.js';
import { getOAuthProtectedResourceMetadataUrl, mcpAuthRouter } from '@modelcontextprotocol/sdk/server/auth/router.js';
import { createMcpExpressApp } from '@modelcontextprotocol/sdk/server/express.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { OAuthClientInformationFull, OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface OAuthServerOptions {
  /** Whether clients can register themselves. Default true. */
  registration?: boolean;
  /** A client that was registered by hand. */
  client?: OAuthClientInformationFull;
}

/** An MCP server with a login of its own, made of the parts of the official SDK. Whoever comes to the login has agreed. */
export class OAuthMcpServer implements AsyncDisposable {
  /** Clients that registered. */
  readonly clients = new Map<string, OAuthClientInformationFull>();
  /** Every access token that was given out, oldest first. */
  readonly given: string[] = [];
  /** Headers of every request. */
  readonly headers: IncomingMessage['headers'][] = [];
  /** Parameters of every login. */
  readonly logins: URLSearchParams[] = [];
  /** Refuses at the login instead. */
  denies = false;
  private readonly codes = new Map<string, string>();
  private readonly valid = new Set<string>();
  private readonly refresh = new Set<string>();
  private readonly sessions = new Map<string, StreamableHTTPServerTransport>();
  private app?: ReturnType<typeof createMcpExpressApp>;

  private constructor(private readonly http: Server) {}

  static async start({ registration = true, client }: OAuthServerOptions = {}): Promise<OAuthMcpServer> {
    const http = createServer((request, response) => server.answer(request, response));
    const server = new OAuthMcpServer(http);
    await once(http.listen(0, '127.0.0.1'), 'listening');
    if (client) server.clients.set(client.client_id, client);
    server.build(registration);
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `${this.origin}/mcp`;
  }

  /** Access tokens stop working; refresh tokens go on. */
  expire(): void {
    this.valid.clear();
  }

  /** Nothing that was given out works any more. */
  revoke(): void {
    this.valid.clear();
    this.refresh.clear();
  }

  async close(): Promise<void> {
    for (const session of this.sessions.values()) await session.close();
    this.http.closeAllConnections();
    this.http.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    this.headers.push(request.headers);
    const { pathname, searchParams } = new URL(request.url ?? '/', this.origin);
    if (pathname === '/authorize') this.logins.push(searchParams);
    this.app?.(request, response);
  }

  private build(registration: boolean): void {
    const provider = this.provider(registration);
    const app = createMcpExpressApp();
    this.app = app;
    const resourceServerUrl = new URL(this.url);
    app.use(
      mcpAuthRouter({
        provider,
        issuerUrl: new URL(this.origin),
        resourceServerUrl,
        scopesSupported: ['mcp:tools'],
        authorizationOptions: { rateLimit: false },
        tokenOptions: { rateLimit: false },
        clientRegistrationOptions: { rateLimit: false },
      }),
    );
    const resourceMetadataUrl = getOAuthProtectedResourceMetadataUrl(resourceServerUrl);
    app.use('/mcp', requireBearerAuth({ verifier: provider, resourceMetadataUrl }));
    app.use(
      '/mcp',
      (request: IncomingMessage & { body?: unknown }, response: ServerResponse) =>
        void this.serve(request, response, request.body),
    );
  }

  private async serve(request: IncomingMessage, response: ServerResponse, body: unknown): Promise<void> {
    const known = this.sessions.get(String(request.headers['mcp-session-id']));
    if (known) return known.handleRequest(request, response, body);
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void this.sessions.set(id, transport),
    });
    const server = new McpServer({ name: 'private', version: '1' });
    server.registerTool('whoami', { description: 'Who is logged in' }, () => ({
      content: [{ type: 'text', text: 'you' }],
    }));
    await server.connect(transport);
    await transport.handleRequest(request, response, body);
  }

  private provider(registration: boolean): OAuthServerProvider {
    return {
      clientsStore: {
        getClient: (id) => this.clients.get(id),
        ...(registration && {
          registerClient: (client) => {
            const full = { ...client, client_id: randomUUID(), client_id_issued_at: 1 };
            this.clients.set(full.client_id, full);
            return full;
          },
        }),
      },
      authorize: async (_client, { redirectUri, state = '', codeChallenge }, response) => {
        const target = new URL(redirectUri);
        target.searchParams.set('state', state);
        if (this.denies) {
          target.searchParams.set('error', 'access_denied');
          target.searchParams.set('error_description', 'The person said <no>');
        } else {
          const code = randomUUID();
          this.codes.set(code, codeChallenge);
          target.searchParams.set('code', code);
        }
        response.redirect(target.href);
      },
      challengeForAuthorizationCode: async (_client, code) => {
        const challenge = this.codes.get(code);
        if (challenge === undefined) throw new InvalidGrantError('No such code');
        return challenge;
      },
      exchangeAuthorizationCode: async (_client, code) => {
        this.codes.delete(code);
        return this.tokens();
      },
      exchangeRefreshToken: async (_client, token) => {
        // each works once
        if (!this.refresh.delete(token)) throw new InvalidGrantError('No such refresh token');
        return this.tokens();
      },
      verifyAccessToken: async (token) => {
        if (!this.valid.has(token)) throw new InvalidTokenError('Not valid');
        return { token, clientId: 'x', scopes: ['mcp:tools'], expiresAt: Math.floor(Date.now() / 1000) + 3600 };
      },
    };
  }

  private tokens(): OAuthTokens {
    const [access, refresh] = [`access-${randomUUID()}`, `refresh-${randomUUID()}`];
    this.given.push(access);
    this.valid.add(access);
    this.refresh.add(refresh);
    return { access_token: access, token_type: 'bearer', expires_in: 3600, refresh_token: refresh, scope: 'mcp:tools' };
  }
}
