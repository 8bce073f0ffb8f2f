import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';
import type { AuthInfo } from '@modelcontextprotocol/sdk/server/auth/types.js';
import type { OAuthServerProvider } from '@modelcontextprotocol/sdk/server/auth/provider.js';
import {
  InvalidGrantError,
  InvalidTargetError,
  InvalidTokenError,
} from '@modelcontextprotocol/sdk/server/auth/errors.js';
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
  /** Given to clients that register, in the place of none. */
  secret?: { client_secret: string; client_secret_expires_at: number };
  /** Whether it says who its authorization server is, as servers did not before 2025-06. Default true. */
  resourceMetadata?: boolean;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** What a code or a token was given for. */
interface Grant {
  client: string;
  scopes: string[];
}

/**
 * An MCP server with a login of its own, made of the parts of the official SDK, which also checks PKCE and the secrets
 * of clients. Whoever comes to the login has agreed.
 */
export class OAuthMcpServer implements AsyncDisposable {
  /** Clients that registered. */
  readonly clients = new Map<string, OAuthClientInformationFull>();
  /** Every access token that was given out, oldest first. */
  readonly given: string[] = [];
  /** Headers of every request. */
  readonly headers: IncomingMessage['headers'][] = [];
  /** Every request as `GET /path`. */
  readonly requests: string[] = [];
  /** Methods of MCP that were called. */
  readonly calls: string[] = [];
  /** Parameters of every login. */
  readonly logins: URLSearchParams[] = [];
  /** What is answered in the place of the usual, by path. */
  readonly instead = new Map<string, Answer>();
  /** Refuses at the login instead. */
  denies = false;
  /** A scope that calls of tools need. */
  demands?: string;
  private readonly codes = new Map<string, Grant & { challenge: string; redirectUri: string }>();
  private readonly valid = new Map<string, Grant>();
  private readonly refresh = new Map<string, Grant>();
  private readonly sessions = new Map<string, StreamableHTTPServerTransport>();
  private readonly http: Server;
  private app?: ReturnType<typeof createMcpExpressApp>;

  private constructor(http: Server) {
    this.http = http;
  }

  static async start(options: OAuthServerOptions = {}): Promise<OAuthMcpServer> {
    const http = createServer((request, response) => server.answer(request, response));
    const server = new OAuthMcpServer(http);
    await once(http.listen(0, '127.0.0.1'), 'listening');
    const { client } = options;
    if (client) server.clients.set(client.client_id, client);
    server.build(options);
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

  /** Answers requests for a path with this. */
  say(path: string, body: object | string, status = 200, headers: Record<string, string> = {}): void {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const type = { 'content-type': 'application/json' };
    this.instead.set(path, (_request, response) => response.writeHead(status, { ...type, ...headers }).end(text));
  }

  /** Keeps the next request for a path waiting until it may be answered. */
  hold(path: string): { asked: Promise<void>; answer: () => void } {
    const [asked, may] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    this.instead.set(path, (request, response) => {
      this.instead.delete(path);
      asked.resolve();
      void may.promise.then(() => this.app?.(request, response));
    });
    return { asked: asked.promise, answer: may.resolve };
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    this.headers.push(request.headers);
    const { pathname, searchParams } = new URL(request.url ?? '/', this.origin);
    this.requests.push(`${request.method} ${pathname}`);
    if (pathname === '/authorize') this.logins.push(searchParams);
    const answer = this.instead.get(pathname) ?? this.app;
    answer?.(request, response);
  }

  private build({ resourceMetadata = true, ...options }: OAuthServerOptions): void {
    const provider = this.provider(options);
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
    if (!resourceMetadata) this.say(new URL(resourceMetadataUrl).pathname, 'Not here', 404);
    app.use('/mcp', requireBearerAuth({ verifier: provider, ...(resourceMetadata && { resourceMetadataUrl }) }));
    app.use(
      '/mcp',
      (request: IncomingMessage & { body?: unknown; auth?: AuthInfo }, response: ServerResponse) =>
        void this.serve(request, response),
    );
  }

  private async serve(
    request: IncomingMessage & { body?: unknown; auth?: AuthInfo },
    response: ServerResponse,
  ): Promise<void> {
    const { body, auth } = request;
    const { method = '' } = (body ?? {}) as { method?: string };
    this.calls.push(method);
    if (method === 'tools/call' && this.demands !== undefined && !auth?.scopes.includes(this.demands)) {
      const challenge = `Bearer error="insufficient_scope", scope="${this.demands}"`;
      return void response.writeHead(403, { 'www-authenticate': challenge }).end();
    }
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

  private provider({ registration = true, secret }: OAuthServerOptions): OAuthServerProvider {
    const forUs = (resource: URL | undefined) => {
      if (resource && resource.href !== this.url) throw new InvalidTargetError(`Not ${resource.href}`);
    };
    return {
      clientsStore: {
        getClient: (id) => this.clients.get(id),
        ...(registration && {
          registerClient: (client) => {
            const full = { ...client, ...secret, client_id: randomUUID(), client_id_issued_at: 1 };
            this.clients.set(full.client_id, full);
            return full;
          },
        }),
      },
      authorize: async (client, { redirectUri, state = '', codeChallenge, scopes = [], resource }, response) => {
        forUs(resource);
        const target = new URL(redirectUri);
        target.searchParams.set('state', state);
        if (this.denies) {
          target.searchParams.set('error', 'access_denied');
          target.searchParams.set('error_description', 'The person said <no>');
        } else {
          const code = randomUUID();
          this.codes.set(code, { client: client.client_id, scopes, challenge: codeChallenge, redirectUri });
          target.searchParams.set('code', code);
        }
        response.redirect(target.href);
      },
      challengeForAuthorizationCode: async ({ client_id }, code) => {
        const grant = this.codes.get(code);
        if (grant?.client !== client_id) throw new InvalidGrantError('No such code');
        return grant.challenge;
      },
      exchangeAuthorizationCode: async (_client, code, _verifier, redirectUri, resource) => {
        forUs(resource);
        const grant = this.codes.get(code);
        this.codes.delete(code);
        if (!grant || redirectUri !== grant.redirectUri) throw new InvalidGrantError('Not for this address');
        return this.tokens(grant);
      },
      exchangeRefreshToken: async ({ client_id }, token, _scopes, resource) => {
        forUs(resource);
        const grant = this.refresh.get(token);
        // each works once
        this.refresh.delete(token);
        if (grant?.client !== client_id) throw new InvalidGrantError('No such refresh token');
        return this.tokens(grant);
      },
      verifyAccessToken: async (token) => {
        const grant = this.valid.get(token);
        if (!grant) throw new InvalidTokenError('Not valid');
        return { token, clientId: grant.client, scopes: grant.scopes, expiresAt: Math.floor(Date.now() / 1000) + 3600 };
      },
    };
  }

  private tokens(grant: Grant): OAuthTokens {
    const [access, refresh] = [`access-${randomUUID()}`, `refresh-${randomUUID()}`];
    this.given.push(access);
    this.valid.set(access, grant);
    this.refresh.set(refresh, grant);
    const scope = grant.scopes.join(' ');
    return { access_token: access, token_type: 'bearer', expires_in: 3600, refresh_token: refresh, scope };
  }
}
