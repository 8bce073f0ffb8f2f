import { reply } from '../../../src/testing.js';
import { everything, faulty, filesystem } from '../../helpers/mcp-servers.js';
import { type Place, RunWorld } from '../../helpers/run-world.js';

describe('tools of MCP servers', () => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start();
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  const offered = (index: number) => world.model.requests[index]!.tools;

  it('run in a turn of the agent', async () => {
    const place = await world.place({
      files: { 'a.txt': 'alpha\n' },
      config: {
        mcp: {
          every: { type: 'local', command: everything(), environment: { GREETING: 'hello' } },
          'my files': { type: 'local', command: filesystem('.') },
          off: { type: 'local', command: ['/no/such/program'], enabled: false },
        },
      },
    });
    world.model.push(
      reply().tools(
        { name: 'every_get-sum', arguments: { a: 2, b: 3 } },
        { name: 'my_files_read_text_file', arguments: { path: place.project.path('a.txt') } },
        { name: 'every_get-env', arguments: {} },
        { name: 'every_get-tiny-image', arguments: {} },
      ),
      reply().text('Five.'),
    );
    const session = await place.session();
    await place.prompt(session, 'What is 2 + 3?');

    const [, call] = await place.history(session);
    const states = call!.parts.flatMap(({ state }) => state ?? []);
    expect(states[0]).toMatchObject({
      status: 'completed',
      input: { a: 2, b: 3 },
      output: 'The sum of 2 and 3 is 5.',
      title: '',
      metadata: { truncated: false },
      attachments: [],
    });
    expect(states[1].output).toBe('alpha\n');
    expect(JSON.parse(states[2].output)).toMatchObject({ AGENT: '1', OPENCODE: '1', GREETING: 'hello' });
    expect(states[3].attachments).toEqual([
      {
        id: expect.stringMatching(/^prt_/),
        sessionID: session,
        messageID: call!.info.id,
        type: 'file',
        mime: 'image/png',
        url: expect.stringMatching(/^data:image\/png;base64,iVBOR/),
      },
    ]);
    expect(offered(0).filter((name) => name.startsWith('every_'))).toContain('every_echo');
    expect(offered(0).at(-1)).toMatch(/^my_files_/);
    expect((await place.get('/mcp')).body).toEqual({
      every: { status: 'connected' },
      'my files': { status: 'connected' },
      off: { status: 'disabled' },
    });
  });

  /** Runs calls in one step, and gives their states. */
  async function run(at: Place, ...calls: string[]) {
    world.model.push(reply().tools(...calls.map((name) => ({ name, arguments: {} }))), reply().text('Done.'));
    const session = await at.session();
    await at.prompt(session, 'Go');
    const [, call] = await at.history(session);
    return call!.parts.flatMap(({ state }) => state ?? []);
  }
  const place = (config: Record<string, unknown> = {}, ...modes: string[]) =>
    world.place({ config: { mcp: { odd: { type: 'local', command: faulty(...modes) } }, ...config } });
  /** Waits until the server has noted something. */
  const noted = async (at: Place, line: string) => {
    while (!(await notes(at)).includes(line)) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const notes = async (at: Place) => (await at.project.read('server.log')).split('\n');

  it('answer in many ways', async () => {
    const at = await place();
    const [fail, structured, mixed] = await run(at, 'odd_fail', 'odd_structured', 'odd_mixed');
    expect(fail).toMatchObject({ status: 'error', error: 'Error: no such ticket' });
    expect(JSON.parse(structured.output)).toEqual({ answer: 42 });
    expect(mixed).toMatchObject({
      output: 'one\n\ntwo\n\n[Resource x://l: a link]\n\n[Audio that cannot be shown: audio/wav]',
      metadata: { tickets: 3, truncated: false },
      attachments: [
        { mime: 'application/octet-stream', filename: 'x://b', url: 'data:application/octet-stream;base64,AAEC' },
      ],
    });
  });

  it('may write nonsense, a flood of errors and 20 MB', async () => {
    const at = await place();
    const states = await run(at, 'odd_garbage', 'odd_flood', 'odd_big', 'odd_pid');
    expect(states.map(({ output }) => output.slice(0, 16))).toEqual([
      'still here',
      'flooded',
      '0123456789abcde\n',
      expect.stringMatching(/^\d+$/),
    ]);
    expect(states[2]).toMatchObject({ metadata: { truncated: true, outputPath: expect.any(String) } });
    const lines = world.server.logs.filter((line) => /odd: line \d+ x/.test(line));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThanOrEqual(200);
  });

  it('end at their time limit, or when the session is aborted, and the server is told', async () => {
    const at = await place({ experimental: { mcp_timeout: 300 } });
    expect(await run(at, 'odd_hang')).toMatchObject([
      { status: 'error', error: 'McpError: MCP error -32001: Request timed out' },
    ]);
    await noted(at, 'cancelled');

    const other = await place();
    world.model.push(reply().tool('odd_hang', {}));
    const session = await other.session();
    const answer = other.prompt(session, 'Go');
    await other.part(({ state }) => state?.status === 'running');
    await noted(other, 'call hang {}');
    await other.abort(session);
    await answer;
    const [, call] = await other.history(session);
    expect(call!.parts.find(({ state }) => state).state).toMatchObject({ error: 'Tool execution aborted' });
    await noted(other, 'cancelled');
  });

  it('come and go while a turn goes on', async () => {
    const at = await place({}, 'pages');
    world.model.push(reply().tool('odd_grow', {}), reply().tool('odd_grown', {}), reply().text('Done.'));
    const session = await at.session();
    await at.prompt(session, 'Grow');
    expect(at.events.all('mcp.tools.changed').map(({ properties }) => properties)).toEqual([{ server: 'odd' }]);
    expect([offered(0).includes('odd_grown'), offered(1).includes('odd_grown')]).toEqual([false, true]);
    // two pages each: at the start and after the change
    expect((await notes(at)).filter((line) => line === 'tools/list')).toHaveLength(4);

    const quiet = await place({}, 'quiet', 'pages');
    await run(quiet, 'odd_pid');
    expect((await notes(quiet)).filter((line) => line === 'tools/list').length).toBeGreaterThanOrEqual(6);
  });

  it('stand under permission rules', async () => {
    const at = await place({ permission: { odd_pid: 'ask', odd_fail: 'deny' } });
    world.model.push(reply().tool('odd_pid', {}), reply().text('Done.'));
    const session = await at.session();
    const answer = at.prompt(session, 'Go');
    const asked = await at.asked();
    expect(asked).toMatchObject({ permission: 'odd_pid', patterns: ['*'], always: ['*'], metadata: {} });
    await at.allow(asked['id']);
    await answer;
    expect(offered(0)).toContain('odd_pid');
    expect(offered(0)).not.toContain('odd_fail');
  });
});
