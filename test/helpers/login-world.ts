import { jest } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestReply, TestServerOptions } from '../../src/testing.js';
import { OAuthMcpServer, type OAuthServerOptions } from './oauth-mcp-server.js';
import { type Place, RunWorld } from './run-world.js';

/** A server, MCP servers to log in to, and the persons who do. */
export class LoginWorld {
  private readonly servers: OAuthMcpServer[] = [];
  /** What was written past the log. */
  private readonly printed: unknown[][] = [];

  private constructor(readonly world: RunWorld) {
    // the SDK likes to say things there
    for (const method of ['debug', 'log', 'info', 'warn', 'error'] as const)
      jest.spyOn(console, method).mockImplementation((...words: unknown[]) => void this.printed.push(words));
  }

  static async start(options: TestServerOptions = {}): Promise<LoginWorld> {
    return new LoginWorld(await RunWorld.start(options));
  }

  async server(options?: OAuthServerOptions): Promise<OAuthMcpServer> {
    const server = await OAuthMcpServer.start(options);
    this.servers.push(server);
    return server;
  }

  /** A project with one MCP server. */
  async place(options: OAuthServerOptions = {}, config: Record<string, unknown> = {}): Promise<LoginPlace> {
    return this.placeOf(await this.server(options), config);
  }

  /** A project with a server that there is. */
  async placeOf(
    server: OAuthMcpServer,
    config: Record<string, unknown> = {},
    name = `private-${Math.random().toString(36).slice(2, 10)}`,
  ): Promise<LoginPlace> {
    const mcp = { [name]: { type: 'remote', url: server.url, ...config } };
    return new LoginPlace(await this.world.place({ config: { mcp } }), name, server);
  }

  /** Where logins are kept. */
  get file(): string {
    return join(this.world.server.home, '.local/share/opencode/mcp-auth.json');
  }

  /** After each test. */
  async settle(): Promise<void> {
    await this.world.settle();
    for (const server of this.servers.splice(0)) await server.close();
    if (this.printed.length > 0) throw new Error(`On the console: ${JSON.stringify(this.printed.splice(0))}`);
  }

  close(): Promise<void> {
    return this.world.close();
  }
}

/** One MCP server in a project. */
export class LoginPlace {
  constructor(
    readonly at: Place,
    readonly name: string,
    readonly server: OAuthMcpServer,
  ) {}

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads whatever it expects
  async status(): Promise<any> {
    return (await this.at.get('/mcp')).body[this.name];
  }

  /** Connects anew, and says what came of it. */
  async connect(): ReturnType<LoginPlace['status']> {
    await this.post('connect');
    return this.status();
  }

  post(action: string, body: object = {}): Promise<TestReply> {
    return this.at.post(`/mcp/${encodeURIComponent(this.name)}/${action}`, body);
  }

  /** Starts a login; resolves to the page. */
  async start(): Promise<URL> {
    return new URL((await this.post('auth')).body.authorizationUrl);
  }

  /** A whole login by the browser. */
  async login(): Promise<{ status: number; text: string }> {
    return visit(await this.start());
  }

  finish(code: string | null): Promise<TestReply> {
    return this.post('auth/callback', { code });
  }

  forget(): Promise<TestReply> {
    const path = `/mcp/${encodeURIComponent(this.name)}/auth`;
    return this.at.server.request(path, { method: 'DELETE', directory: this.at.directory });
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads whatever it expects
  async stored(): Promise<any> {
    const file = join(this.at.server.home, '.local/share/opencode/mcp-auth.json');
    return JSON.parse(await readFile(file, 'utf8'))[this.name];
  }
}

/** What a person does: opens a page, and is sent back. */
export async function visit(url: URL | string): Promise<{ status: number; text: string }> {
  const response = await fetch(url);
  return { status: response.status, text: await response.text() };
}

/** Where the browser would be sent. */
export async function returned(page: URL | string): Promise<URL> {
  const response = await fetch(page, { redirect: 'manual' });
  return new URL(response.headers.get('location') ?? '');
}

/** The code that it would bring. */
export const codeOf = async (page: URL | string): Promise<string | null> =>
  (await returned(page)).searchParams.get('code');
