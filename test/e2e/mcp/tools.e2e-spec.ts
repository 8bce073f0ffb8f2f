import { reply, scriptedProvider } from '../../../src/testing.js';
import { everything, faulty, filesystem } from '../../helpers/mcp-servers.js';
import { type Place, RunWorld } from '../../helpers/run-world.js';
import { until } from '../../helpers/until.js';

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
          every: { type: 'local', command: everything(), environment: { GREETING: 'hello' }, timeout: 5_000_000_000 },
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
  async function run(at: Place, ...names: string[]) {
    return runWith(at, ...names.map((name) => ({ name, arguments: {} })));
  }
  async function runWith(at: Place, ...calls: { name: string; arguments: object }[]) {
    world.model.push(reply().tools(...calls), reply().text('Done.'));
    const session = await at.session();
    await at.prompt(session, 'Go');
    const [, call] = await at.history(session);
    return call!.parts.flatMap(({ state }) => state ?? []);
  }
  const place = (config: Record<string, unknown> = {}, ...modes: string[]) =>
    world.place({ config: { mcp: { odd: { type: 'local', command: faulty(...modes) } }, ...config } });
  /** Waits until the server has noted something. */
  const noted = (at: Place, line: string) => until(async () => (await notes(at)).includes(line), `it notes ${line}`);
  const notes = async (at: Place) => (await at.project.read('server.log')).split('\n');

  it('get what the model said, in the project and with the variables of the server', async () => {
    const odd = { type: 'local', command: faulty(), environment: { GREETING: 'hello', AGENT: 'own' } };
    const [at, other] = [
      await world.place({ config: { mcp: { odd } } }),
      await world.place({ config: { mcp: { odd } } }),
    ];
    const input = { list: [1, { deep: null }], text: 'é', unknown: true };
    const [repeated, where] = await runWith(
      at,
      { name: 'odd_repeat', arguments: input },
      { name: 'odd_where', arguments: {} },
    );
    expect(JSON.parse(repeated.output)).toEqual(input);
    expect(JSON.parse(where.output)).toEqual([at.directory, 'hello', 'own', '1']);
    // each directory has servers of its own
    const [elsewhere] = await run(other, 'odd_where');
    expect(JSON.parse(elsewhere.output)[0]).toBe(other.directory);
    await at.post('/mcp/odd/disconnect');
    expect((await other.get('/mcp')).body).toEqual({ odd: { status: 'connected' } });
  });

  it('answer in many ways', async () => {
    const at = await place();
    const names = ['fail', 'fail_silently', 'explode', 'nonsense', 'structured', 'both', 'nothing', 'image', 'mixed'];
    const states = await run(at, ...names.map((name) => `odd_${name}`));
    const by = Object.fromEntries(names.map((name, index) => [name, states[index]]));
    expect(by.fail).toMatchObject({ status: 'error', error: 'Error: no such ticket' });
    expect(by.fail_silently).toMatchObject({ status: 'error', error: expect.stringContaining('did not say why') });
    expect(by.explode).toMatchObject({ status: 'error', error: 'McpError: MCP error -32603: exploded' });
    expect(by.nonsense).toMatchObject({ status: 'error', error: expect.stringContaining('expected array') });
    expect(JSON.parse(by.structured.output)).toEqual({ answer: 42 });
    expect(by.both).toMatchObject({ status: 'completed', output: 'forty-two', attachments: [] });
    expect(by.nothing).toMatchObject({ status: 'completed', output: '', attachments: [] });
    expect(by.image).toMatchObject({ output: '', attachments: [{ type: 'file', mime: 'image/png' }] });
    expect(by.mixed).toMatchObject({
      output: 'one\n\ntwo\n\n[Resource x://l: a link]\n\n[Audio that cannot be shown: audio/wav]',
      metadata: { tickets: 3, truncated: false },
      attachments: [
        { mime: 'application/octet-stream', filename: 'x://b', url: 'data:application/octet-stream;base64,AAEC' },
      ],
    });
  });

  it('show images to a model that sees, and name what no model takes', async () => {
    const config = scriptedProvider(world.model) as { provider: { scripted: { models: { test: object } } } };
    Object.assign(config.provider.scripted.models.test, { modalities: { input: ['text', 'image'], output: ['text'] } });
    const at = await place(config);
    const [image] = await run(at, 'odd_image', 'odd_mixed');
    const told = JSON.stringify(world.model.requests[1]!.body.messages);
    expect(told).toContain(JSON.stringify({ url: image.attachments[0].url }));
    expect(told).toMatch(/Cannot read \\"x:\/\/b\\": models do not take files of the type application\/octet-stream/);
  });

  it('are told to the model as the servers describe them, each by a name of its own', async () => {
    const odd = { type: 'local', command: faulty('schemas', 'old') };
    const at = await world.place({ config: { mcp: { 'a b': odd, a_b: odd } } });
    world.model.push(reply().text('Done.'));
    await at.prompt(await at.session(), 'Hello');
    const tools = world.model.requests[0]!.body.tools!.map((tool) => tool['function'] as { name: string });
    const ours = tools.filter(({ name }) => name.startsWith('a_b_'));
    expect(ours.map(({ name }) => name).toSorted()).toEqual(
      ['plain', 'open', 'no_properties', 'references', 'choice', 'needs_dots_and_spaces__', 'with_output']
        .map((name) => `a_b_${name}`)
        .toSorted(),
    );
    const closed = { type: 'object', additionalProperties: false };
    const described = Object.fromEntries(ours.map((tool) => [tool.name, tool]));
    expect(described).toMatchObject({
      a_b_plain: { description: '', parameters: { ...closed, required: ['a'] } },
      a_b_open: { parameters: { ...closed, properties: { a: { type: 'string' } } } },
      a_b_no_properties: { description: 'No properties', parameters: { ...closed, properties: {} } },
      a_b_references: {
        parameters: { ...closed, $defs: { node: { properties: { next: { $ref: '#/$defs/node' } } } } },
      },
      a_b_needs_dots_and_spaces__: { parameters: { ...closed, properties: { later: { type: 'boolean' } } } },
    });
  });

  it('may ask the client things, and are answered', async () => {
    const [asked] = await run(await place(), 'odd_ask');
    // of all that only a ping is something we can do
    expect(JSON.parse(asked.output)).toEqual([{}, -32601, -32601, -32601, -32601]);
  });

  it('end at their time limit, or when the session is aborted, and the server is told', async () => {
    const at = await place({ experimental: { mcp_timeout: 300 } });
    const late = { status: 'error', error: 'McpError: MCP error -32001: Request timed out' };
    // what a server reports meanwhile does not give it more time
    expect(await run(at, 'odd_hang', 'odd_progress')).toMatchObject([late, late]);
    await noted(at, 'cancelled');
    expect(await notes(at)).toContain('progress token undefined');
    // its own limit goes before
    await at.post('/mcp', { name: 'own', config: { type: 'local', command: faulty(), timeout: 30_000 } });
    expect(await run(at, 'own_slow')).toMatchObject([{ status: 'completed', output: 'slow' }]);

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
