import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { reply } from '../../../src/testing.js';
import { everything, freePort } from '../../helpers/mcp-servers.js';
import { type Place, RunWorld } from '../../helpers/run-world.js';
import { until } from '../../helpers/until.js';

/** What stands between a client and the server. Undefined: the request passes. */
type Trouble = (method: string | undefined, response: ServerResponse) => unknown;

/** Passes requests on to the MCP server behind it, except those that get into trouble. */
class Proxy {
  /** HTTP method, MCP method and a header of each request. */
  readonly seen: [string | undefined, string | undefined, unknown][] = [];
  trouble: Trouble = () => undefined;
  private readonly server: Server;

  constructor(private readonly port: number) {
    this.server = createServer((incoming, response) => void this.handle(incoming, response));
  }

  async start(): Promise<this> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/mcp`;
  }

  /** Cuts what is open. */
  cut(): void {
    this.server.closeAllConnections();
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  private async handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, headers, url: path } = incoming;
    const body = await text(incoming);
    const asked = body === '' ? undefined : (JSON.parse(body) as { method?: string }).method;
    this.seen.push([method, asked, headers['x-key']]);
    if (this.trouble(asked, response) !== undefined) return;
    const onward = request({ port: this.port, host: '127.0.0.1', method, headers, path }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      // nothing may be said for long
      response.flushHeaders();
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    onward.end(body);
  }
}

describe('a bad day of MCP servers over HTTP', () => {
  let world: RunWorld;
  let every: ChildProcess;
  let port: number;
  let proxy: Proxy;
  beforeAll(async () => {
    world = await RunWorld.start();
    port = await freePort();
    const [command = '', ...args] = everything('streamableHttp');
    every = spawn(command, args, { env: { ...process.env, PORT: String(port) }, stdio: 'ignore' });
    while (!(await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined))) await delay(50);
  });
  beforeEach(async () => {
    proxy = await new Proxy(port).start();
  });
  afterEach(async () => {
    await world.settle();
    proxy.close();
  });
  afterAll(async () => {
    await world.close();
    every.kill('SIGKILL');
  });

  const place = (config: object = {}) =>
    world.place({ config: { mcp: { every: { type: 'remote', url: proxy.url, ...config } } } });
  const status = async (at: Place) => (await at.get('/mcp')).body.every;
  /** Has the model call a tool twice, with trouble in between, and gives both states. */
  async function run(at: Place, trouble: Trouble) {
    expect(await status(at)).toEqual({ status: 'connected' });
    let calls = 0;
    proxy.trouble = (method, response) =>
      method === 'tools/call' && ++calls === 1 ? trouble(method, response) : undefined;
    world.model.push(
      reply().tool('every_echo', { message: 'one' }),
      reply().tool('every_echo', { message: 'two' }),
      reply().text('Done.'),
    );
    const session = await at.session();
    await at.prompt(session, 'Go');
    return (await at.history(session)).flatMap(({ parts }) => parts.flatMap(({ state }) => state ?? []));
  }

  it('the configured headers are in every request, also in the last', async () => {
    const at = await place({ headers: { 'X-Key': 'k' } });
    expect(await run(at, () => undefined)).toMatchObject([{ output: 'Echo: one' }, { output: 'Echo: two' }]);
    await kept(at, true);
    await at.post('/mcp/every/disconnect');
    expect(new Set(proxy.seen.map(([method]) => method))).toEqual(new Set(['POST', 'GET', 'DELETE']));
    expect(proxy.seen.map(([, , key]) => key)).toEqual(proxy.seen.map(() => 'k'));
  });

  it.each<[string, Trouble, RegExp]>([
    ['500 and a page', (_, response) => response.writeHead(500).end('<h1>no</h1>'), /500.*<h1>no|<h1>no/],
    [
      'a page',
      (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>hi</h1>'),
      /content type/i,
    ],
    ['no answer, the connection is cut', (_, response) => response.destroy(), /fetch failed|Connection closed/],
    [
      'half an answer',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' }).write('{"jsonrpc":');
        setTimeout(() => response.destroy(), 50);
        return true;
      },
      /terminated|Connection closed/,
    ],
    [
      'half a stream',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hello\n\n');
        setTimeout(() => response.destroy(), 50);
        return true;
      },
      /Connection closed/,
    ],
    [
      'more than 64 MiB',
      (_, response) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end(Buffer.alloc(65 * 1024 * 1024)),
      /A message of more than 67108864 bytes/,
    ],
    ['no JSON', (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{'), /JSON/],
  ])('a call that gets %s fails, and the next one does not', async (_, trouble, error) => {
    expect(await run(await place(), trouble)).toMatchObject([
      { status: 'error', error: expect.stringMatching(error) },
      { status: 'completed', output: 'Echo: two' },
    ]);
  });

  it.each<[string, Trouble]>([
    ['404', (_, response) => response.writeHead(404).end('Session not found')],
    ['400 as servers made from examples do', (_, response) => response.writeHead(400).end('No valid session ID')],
  ])('a call that is refused for want of a session, by %s, is sent again', async (_, trouble) => {
    expect(await run(await place(), trouble)).toMatchObject([{ output: 'Echo: one' }, { output: 'Echo: two' }]);
  });

  it('a call without an answer ends in time, and the server is told', async () => {
    const at = await place({ timeout: 2_000 });
    const over = Promise.withResolvers<void>();
    expect(await run(at, (_, response) => response.on('close', over.resolve))).toMatchObject([
      { status: 'error', error: 'McpError: MCP error -32001: Request timed out' },
      { status: 'completed' },
    ]);
    expect(proxy.seen.map(([, method]) => method)).toContain('notifications/cancelled');
    // nor is the request left open
    await over.promise;
  });

  /** Waits until the list of resources is kept, or asked for each time. */
  const kept = (at: Place, isKept: boolean) =>
    until(
      async () => {
        const asked = () => proxy.seen.filter(([, method]) => method === 'resources/list').length;
        const before = asked();
        await at.get('/experimental/resource');
        return (asked() === before) === isKept;
      },
      isKept ? 'the list is kept' : 'the list is asked for',
    );

  it('a server that goes away between two calls is noticed, and connected anew when it is there again', async () => {
    const at = await place();
    await kept(at, true);
    proxy.trouble = (_, response) => response.destroy();
    proxy.cut();
    await until(async () => (await status(at)).status === 'failed', 'the server is missed');
    proxy.trouble = () => undefined;
    await until(async () => (await status(at)).status === 'connected', 'the server is connected to');
  });

  it('a list is kept as long as the server can announce a change', async () => {
    const at = await place();
    await kept(at, true);
    // many servers promise to announce changes, and have no stream to do so
    proxy.trouble = (method, response) => (method === undefined ? response.writeHead(405).end() : undefined);
    proxy.cut();
    await kept(at, false);
    await kept(at, false);
    expect(await status(at)).toEqual({ status: 'connected' });
  });

  it('a server that is reached and says nothing fails in time', async () => {
    proxy.trouble = () => true;
    expect(await status(await place({ timeout: 300 }))).toEqual({
      status: 'failed',
      error: 'Operation timed out after 300ms',
    });
  });

  it('redirections are followed to the same server only', async () => {
    const elsewhere = await new Proxy(port).start();
    const to = (url: string): Trouble => {
      return (_, response) =>
        response.req.url === '/mcp' ? response.writeHead(308, { location: url }).end() : undefined;
    };
    proxy.trouble = to('/mcp?moved');
    expect(await status(await place({ headers: { 'X-Key': 'k' } }))).toEqual({ status: 'connected' });
    proxy.trouble = to(elsewhere.url);
    expect(await status(await place({ headers: { 'X-Key': 'secret' } }))).toEqual({
      status: 'failed',
      error: expect.stringContaining('redirect'),
    });
    expect(elsewhere.seen).toEqual([]);
    elsewhere.close();
  });
});
