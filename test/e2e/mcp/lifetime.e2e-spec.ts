import { readFile, rm } from 'node:fs/promises';
import { reply } from '../../../src/testing.js';
import { alive } from '../../helpers/alive.js';
import { faulty, freePort } from '../../helpers/mcp-servers.js';
import { type Place, RunWorld } from '../../helpers/run-world.js';
import { until } from '../../helpers/until.js';

describe('the life of MCP servers', () => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start();
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  const place = (mcp: Record<string, unknown>) => world.place({ config: { mcp } });
  const local = (...modes: string[]) => ({ type: 'local', command: faulty(...modes) });
  const notes = async ({ project }: Place) => (await project.read('server.log').catch(() => '')).split('\n');
  /** Process ids of the servers that were started, each with its child. */
  const started = async (at: Place) =>
    (await notes(at)).filter((line) => line.startsWith('start')).map((line) => line.match(/\d+/g)!.map(Number));
  const status = async (at: Place) => (await at.get('/mcp')).body;

  it('begins when they are needed', async () => {
    const at = await place({ one: local() });
    await at.get('/config');
    await at.get('/session');
    // tools of MCP servers are not listed there
    expect((await at.get('/experimental/tool/ids')).body).not.toContain('one_pid');
    expect(await started(at)).toEqual([]);
    expect(await Promise.all([status(at), status(at), at.get('/command')])).toMatchObject([
      { one: { status: 'connected' } },
      { one: { status: 'connected' } },
      { status: 200 },
    ]);
    expect(await started(at)).toHaveLength(1);
    expect(await notes(at)).toContain(
      'client {"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"opencode","version":"1.2.6"}}',
    );
  });

  it('shows what is wrong with those that do not start', async () => {
    const at = await place({
      missing: { type: 'local', command: ['/no/such/program'] },
      crashing: { ...local('crash'), environment: { TOKEN: 'sk-verysecret1234' } },
      silent: { ...local('silent'), timeout: 400 },
      refused: { type: 'remote', url: `http://127.0.0.1:${await freePort()}/mcp` },
      nowhere: { type: 'remote', url: 'nonsense' },
      stub: { enabled: false },
      works: local(),
    });
    const states = await status(at);
    expect(states).toEqual({
      missing: { status: 'failed', error: expect.stringContaining('ENOENT') },
      crashing: {
        status: 'failed',
        // whether our first message reached it in time is a matter of luck
        error: expect.stringMatching(
          /^MCP error -32000: Connection closed.*; exit code 3; its last words: TOKEN=\[redacted\] the database is missing$/,
        ),
      },
      silent: { status: 'failed', error: 'Operation timed out after 400ms' },
      refused: { status: 'failed', error: expect.stringMatching(/ECONNREFUSED.*nothing listens there/) },
      nowhere: { status: 'failed', error: 'The url is not an http: or https: URL' },
      works: { status: 'connected' },
    });
    expect(world.server.logs.join('\n')).not.toContain('verysecret');
  });

  it('can be switched, and changed while the server runs', async () => {
    const at = await world.place({
      config: { mcp: { one: local() } },
      // an entry of another file that says no more than that
      files: { '.opencode/opencode.json': JSON.stringify({ mcp: { one: { enabled: false } } }) },
    });
    expect(await status(at)).toEqual({ one: { status: 'disabled' } });
    expect((await at.post('/mcp/one/connect')).body).toBe(true);
    expect(await status(at)).toEqual({ one: { status: 'connected' } });
    const [[first]] = (await started(at)) as [[number]];

    const added = await at.post('/mcp', { name: 'one', config: local() });
    expect([added.status, added.body]).toEqual([200, { one: { status: 'connected' } }]);
    expect(await alive(first)).toBe(false);
    await at.post('/mcp', { name: 'two', config: { ...local(), enabled: false } });
    expect(
      (await at.post('/mcp', { name: 'three', config: { type: 'local', command: ['false'] } })).body,
    ).toMatchObject({
      one: { status: 'connected' },
      two: { status: 'disabled' },
      three: { status: 'failed' },
    });
    // added servers are seen like the others
    expect(Object.keys(await status(at))).toEqual(['one', 'two', 'three']);

    const [, [second]] = (await started(at)) as [unknown, [number]];
    expect((await at.post('/mcp/one/disconnect')).body).toBe(true);
    expect(await alive(second)).toBe(false);
    expect((await status(at)).one).toEqual({ status: 'disabled' });
    expect((await at.post('/mcp/unknown/connect')).body).toBe(true);
    expect((await at.post('/mcp/unknown/disconnect')).body).toBe(true);
    expect((await at.post('/mcp', { name: 'bad', config: { type: 'local' } })).status).toBe(400);
  });

  it('goes on after a crash: the tools come back with the server', async () => {
    const at = await place({ one: local() });
    await status(at);
    world.model.push(reply().tool('one_die', {}), reply().tool('one_pid', {}), reply().text('Done.'));
    const session = await at.session();
    await at.prompt(session, 'Go');
    const states = (await at.history(session)).flatMap(({ parts }) => parts.flatMap(({ state }) => state ?? []));
    expect(states).toMatchObject([
      { status: 'error', error: 'McpError: MCP error -32000: Connection closed' },
      { status: 'completed', output: String((await started(at)).at(-1)![0]) },
    ]);
    // between calls too
    const [, [second]] = (await started(at)) as [unknown, [number]];
    process.kill(second, 'SIGKILL');
    await until(
      async () => (await started(at)).length === 3 && (await status(at)).one.status === 'connected',
      'it is there again',
    );
  });

  it('gives up on one that cannot start any more, until it is told to connect', async () => {
    const at = await place({ one: local() });
    await status(at);
    const [[first]] = (await started(at)) as [[number]];
    await at.project.write('crash', '');
    process.kill(first, 'SIGKILL');
    let one: { status: string; error?: string };
    await until(async () => {
      ({ one } = await status(at));
      return /the database is missing/.test(one.error ?? '');
    }, 'it is tried again');
    expect(one!.status).toBe('failed');
    expect(one!.error).not.toContain('verysecret');
    await rm(at.project.path('crash'));
    await at.post('/mcp/one/connect');
    expect(await status(at)).toEqual({ one: { status: 'connected' } });
  });

  it('ends with the instance, with all that a server started, whatever it ignores', async () => {
    const at = await place({ one: local('stubborn'), two: local() });
    await status(at);
    const pids = (await started(at)).flat();
    expect(pids).toHaveLength(3);
    await at.post('/instance/dispose');
    await until(async () => !(await Promise.all(pids.map(alive))).includes(true), 'all are gone');
    expect(await readFile(at.project.path('server.log'), 'utf8')).toMatch(/end of input[^]*SIGTERM/);
  });
});
