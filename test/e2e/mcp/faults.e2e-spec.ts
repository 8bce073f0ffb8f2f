import { reply } from '../../../src/testing.js';
import { faulty } from '../../helpers/mcp-servers.js';
import { type Place, RunWorld } from '../../helpers/run-world.js';

describe('a bad day of MCP servers', () => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start();
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  const local = (...modes: string[]) => ({ type: 'local', command: faulty(...modes) });
  const place = (mcp: Record<string, unknown>) => world.place({ config: { mcp } });
  const started = async ({ project }: Place) =>
    (await project.read('server.log')).split('\n').filter((line) => line.startsWith('start')).length;

  /** A resource that is attached to a prompt. */
  const resource = (clientName: string, uri: string) => {
    const source = { type: 'resource', clientName, uri, text: { value: '', start: 0, end: 0 } };
    return { type: 'file', mime: 'text/plain', url: uri, filename: 'it', source };
  };

  /** Runs calls one after the other, and gives their states. */
  async function run(at: Place, ...names: string[]) {
    world.model.push(...names.map((name) => reply().tool(name, {})), reply().text('Done.'));
    const session = await at.session();
    expect((await at.prompt(session, 'Go')).status).toBe(200);
    return (await at.history(session)).flatMap(({ parts }) => parts.flatMap(({ state }) => state ?? []));
  }

  it('they never answer: nothing waits longer than it has to, and the others work', async () => {
    // they also have to start in that time
    const deaf = (method: string, timeout = 4_000) => ({ ...local(`deaf=${method}`), timeout });
    const at = await place({
      mute: deaf('initialize', 300),
      unlisted: deaf('tools/list', 300),
      wordless: deaf('prompts/get'),
      promptless: deaf('prompts/list'),
      bare: deaf('resources/list'),
      closed: deaf('resources/read'),
      endless: { ...local('endless'), timeout: 4_000 },
      well: local(),
    });
    const late = { status: 'failed', error: 'Operation timed out after 300ms' };
    expect((await at.get('/mcp')).body).toMatchObject({ mute: late, unlisted: late, well: { status: 'connected' } });

    world.model.push(reply().text('Done.'));
    const [session, other] = [await at.session(), await at.session()];
    const [commands, resources, refused] = await Promise.all([
      at.get('/command'),
      at.get('/experimental/resource'),
      at.post(`/session/${other}/command`, { command: 'wordless:letter', arguments: 'a b' }),
      at.prompt(session, { parts: [resource('closed', 'x://readme')] }),
    ]);
    const servers = (names: string[]) => [...new Set(names.map((name) => name.split(':')[0]))];
    const prompts = commands.body.filter(({ source }: { source: string }) => source === 'mcp');
    expect(servers(prompts.map(({ name }: { name: string }) => name))).toEqual(['wordless', 'bare', 'closed', 'well']);
    // the limit is one for all pages, of which 64 would be asked for
    const log = await at.project.read('server.log');
    expect(log.split('\n').filter((line) => line === 'prompts/list').length).toBeLessThan(64);
    expect(servers(Object.keys(resources.body))).toEqual(['wordless', 'promptless', 'closed', 'endless', 'well']);
    expect([refused.status, JSON.stringify(refused.body)]).toEqual([400, expect.stringContaining('Request timed out')]);
    expect(JSON.stringify((await at.history(session))[0]!.parts)).toContain('Failed to read MCP resource it');
  });

  it('one that does not repeat its list of tools has those it had', async () => {
    const at = await place({ odd: { ...local('quiet'), timeout: 4_000 } });
    expect(await run(at, 'odd_tire')).toMatchObject([{ output: 'tired' }]);
    expect(world.model.requests[1]!.tools).toContain('odd_tire');
  });

  it('they write nonsense, and floods of errors with and without lines', async () => {
    const at = await place({ odd: local() });
    await run(at, 'odd_pid');
    const before = process.memoryUsage().rss;
    const states = await run(at, 'odd_garbage', 'odd_flood', 'odd_pour', 'odd_chatter', 'odd_pid');
    expect(states.map(({ output }) => output)).toEqual([
      'still here',
      'flooded',
      'poured',
      'chattered',
      expect.stringMatching(/^\d+$/),
    ]);
    const lines = world.server.logs.filter((line) => /odd: line \d+ x/.test(line));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThanOrEqual(200);
    // nothing is kept of the 310 MB
    expect(process.memoryUsage().rss - before).toBeLessThan(250 * 1024 * 1024);
    expect(await started(at)).toBe(1);
  });

  it('they return 20 MB of text, which is kept on disk', async () => {
    const at = await place({ odd: local() });
    const [text, embedded, failure] = await run(at, 'odd_big', 'odd_big_resource', 'odd_big_failure');
    for (const state of [text, embedded]) {
      expect(state).toMatchObject({ metadata: { truncated: true, outputPath: expect.any(String) } });
      expect(state.output.length).toBeLessThan(60_000);
    }
    expect(failure).toMatchObject({ status: 'error', error: expect.stringContaining('Full error saved to: ') });
    expect(failure.error.length).toBeLessThan(60_000);
    expect(await started(at)).toBe(1);
  });

  it('they return an image of 20 MB', async () => {
    const at = await place({ odd: local() });
    const [image] = await run(at, 'odd_big_image');
    expect(image.attachments[0].url.length).toBeGreaterThan(20_000_000);
    expect(await started(at)).toBe(1);
  });

  it('they have resources of 20 MB', async () => {
    const at = await place({ odd: local() });
    world.model.push(reply().text('Long.'));
    const session = await at.session();
    await at.prompt(session, { parts: [resource('odd', 'x://huge')] });
    expect((await at.history(session))[0]!.parts[1].text.length).toBeGreaterThan(20_000_000);
    expect(await started(at)).toBe(1);
  });

  it.each([
    ['dies in a call', 'odd_die'],
    ['closes its output and lives on', 'odd_shut'],
    ['sends more than 64 MiB at once', 'odd_too_big'],
  ])('one that %s fails the call, and is started again', async (_, tool) => {
    const at = await place({ odd: local() });
    expect(await run(at, tool, 'odd_pid')).toMatchObject([
      { status: 'error', error: 'McpError: MCP error -32000: Connection closed' },
      { status: 'completed' },
    ]);
    expect(await started(at)).toBe(2);
  });
});
