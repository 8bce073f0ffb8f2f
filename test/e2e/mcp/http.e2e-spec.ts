import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { reply } from '../../../src/testing.js';
import { everything, freePort } from '../../helpers/mcp-servers.js';
import { type Place, RunWorld } from '../../helpers/run-world.js';
import { until } from '../../helpers/until.js';

describe('MCP servers over HTTP', () => {
  let world: RunWorld;
  const children: ChildProcess[] = [];
  const servers: Server[] = [];
  beforeAll(async () => {
    world = await RunWorld.start();
  });
  afterEach(async () => {
    await world.settle();
    for (const child of children.splice(0)) child.kill('SIGKILL');
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });
  afterAll(() => world.close());

  /** The protocol's own test server as a process of ours, listening. */
  async function serve(transport: 'streamableHttp' | 'sse', port: number): Promise<ChildProcess> {
    const [command = '', ...args] = everything(transport);
    const child = spawn(command, args, { env: { ...process.env, PORT: String(port) }, stdio: 'ignore' });
    children.push(child);
    while (!(await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined))) await delay(50);
    return child;
  }
  const place = (config: Record<string, unknown>) =>
    world.place({ config: { mcp: { every: { type: 'remote', ...config } } } });
  const status = async (at: Place) => (await at.get('/mcp')).body.every;
  async function run(at: Place, name: string, args: object, between?: () => Promise<void>) {
    world.model.push(reply().tool(name, args), reply().text('Done.'));
    const session = await at.session();
    const answer = at.prompt(session, 'Go');
    await between?.();
    await answer;
    const [, call] = await at.history(session);
    return call!.parts.find(({ state }) => state).state;
  }

  it('are reached by streamable HTTP, and again when they were started anew', async () => {
    const port = await freePort();
    const first = await serve('streamableHttp', port);
    const at = await place({ url: `http://127.0.0.1:${port}/mcp` });
    expect(await status(at)).toEqual({ status: 'connected' });
    expect(await run(at, 'every_echo', { message: 'hello' })).toMatchObject({ output: 'Echo: hello' });

    first.kill('SIGKILL');
    await once(first, 'exit');
    await serve('streamableHttp', port);
    // where its end was noticed before, that takes a moment
    await until(async () => (await status(at)).status === 'connected', 'it is connected to');
    // it knows nothing of the session
    expect(await run(at, 'every_echo', { message: 'again' })).toMatchObject({ output: 'Echo: again' });
    expect(await status(at)).toEqual({ status: 'connected' });
  });

  it('that are cut off fail the call at once', async () => {
    const port = await freePort();
    const child = await serve('streamableHttp', port);
    const at = await place({ url: `http://127.0.0.1:${port}/mcp` });
    const args = { duration: 60, steps: 2 };
    const state = await run(at, 'every_trigger-long-running-operation', args, async () => {
      await at.part(({ state }) => state?.status === 'running');
      await delay(200);
      child.kill('SIGKILL');
    });
    expect(state).toMatchObject({ status: 'error', error: expect.stringMatching(/Connection closed|fetch failed/) });
  });

  it('are reached by SSE when they know nothing newer', async () => {
    const port = await freePort();
    const child = await serve('sse', port);
    const at = await place({ url: `http://127.0.0.1:${port}/sse` });
    expect(await status(at)).toEqual({ status: 'connected' });
    expect(await run(at, 'every_get-sum', { a: 1, b: 2 })).toMatchObject({ output: 'The sum of 1 and 2 is 3.' });
    child.kill('SIGKILL');
    await once(child, 'exit');
    await serve('sse', port);
    await until(async () => (await status(at)).status === 'connected', 'it is connected to');
    expect(await run(at, 'every_get-sum', { a: 2, b: 2 })).toMatchObject({ output: 'The sum of 2 and 2 is 4.' });
  });

  it('are explained when they refuse, and told the configured headers', async () => {
    const seen: unknown[] = [];
    const server = createServer((request, response) => {
      seen.push([request.method, request.headers['x-key']]);
      response.writeHead(request.url === '/nothing' ? 404 : 500).end('secret-key-1 is wrong');
    });
    servers.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const at = await place({ url: `${url}/nothing`, headers: { 'x-key': 'secret-key-1' } });
    expect(await status(at)).toEqual({
      status: 'failed',
      error: expect.stringMatching(/^HTTP 404: .*\[redacted\] is wrong; as SSE: HTTP 404/),
    });
    expect(seen).toEqual([
      ['POST', 'secret-key-1'],
      ['GET', 'secret-key-1'],
    ]);
  });

  it('may have a name and a password in their address', async () => {
    const seen: unknown[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(500).end();
    });
    servers.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = `http://some%40body:secret-1@127.0.0.1:${(server.address() as AddressInfo).port}`;
    const basic = `Basic ${Buffer.from('some@body:secret-1').toString('base64')}`;
    expect(await status(await place({ url }))).toEqual({
      status: 'failed',
      error: expect.stringContaining('HTTP 500'),
    });
    expect(seen.splice(0)).toEqual([basic, basic]);
    await status(await place({ url, headers: { Authorization: 'Own' } }));
    expect(seen).toEqual(['Own', 'Own']);
    expect(world.server.logs.join('\n')).not.toContain('secret-1');
  });
});
