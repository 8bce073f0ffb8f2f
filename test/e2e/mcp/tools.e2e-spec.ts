import { reply } from '../../../src/testing.js';
import { everything, filesystem } from '../../helpers/mcp-servers.js';
import { RunWorld } from '../../helpers/run-world.js';

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
});
