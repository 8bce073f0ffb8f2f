import { plain, reply } from '../../../src/testing.js';
import { everything, faulty } from '../../helpers/mcp-servers.js';
import { type Place, RunWorld } from '../../helpers/run-world.js';

describe('prompts and resources of MCP servers', () => {
  let world: RunWorld;
  let at: Place;
  beforeAll(async () => {
    world = await RunWorld.start();
  });
  beforeEach(async () => {
    at = await world.place({
      config: {
        mcp: {
          'every thing': { type: 'local', command: everything() },
          docs: { type: 'local', command: faulty() },
        },
      },
    });
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  it('are slash commands', async () => {
    const { body } = await at.get('/command');
    expect(body.filter(({ source }: { source: string }) => source === 'mcp')).toEqual([
      expect.objectContaining({ name: 'every_thing:simple-prompt', hints: [] }),
      {
        name: 'every_thing:args-prompt',
        description: 'A prompt with two arguments, one required and one optional',
        source: 'mcp',
        template: '',
        hints: ['$1', '$2'],
      },
      expect.objectContaining({ name: 'every_thing:completable-prompt', hints: ['$1', '$2'] }),
      expect.objectContaining({ name: 'every_thing:resource-prompt', hints: ['$1', '$2'] }),
    ]);
    world.model.push(reply().text('Sunny.'));
    const session = await at.session();
    const command = { command: 'every_thing:args-prompt', arguments: 'Paris Texas' };
    expect((await at.post(`/session/${session}/command`, command)).status).toBe(200);
    const [asked] = await at.history(session);
    expect(asked!.parts[0]).toMatchObject({ type: 'text', text: "What's weather in Paris, Texas?" });
  });

  it('are listed, and told or shown to the model', async () => {
    const { body } = await at.get('/experimental/resource');
    expect(body['docs:read_me']).toEqual({
      name: 'read me',
      uri: 'x://readme',
      mimeType: 'text/plain',
      client: 'docs',
    });
    expect(Object.keys(body).filter((key) => key.startsWith('every_thing:')).length).toBeGreaterThan(3);

    const resource = (name: string, uri: string, mime = 'text/plain') => ({
      type: 'file',
      mime,
      url: uri,
      filename: name,
      source: {
        type: 'resource',
        clientName: 'docs',
        uri,
        text: { value: `@${name}`, start: 0, end: name.length + 1 },
      },
    });
    world.model.push(reply().text('Seen.'));
    const session = await at.session();
    await at.prompt(session, {
      parts: [
        { type: 'text', text: 'Look' },
        resource('read me', 'x://readme', 'application/json'),
        resource('picture', 'x://picture', 'image/png'),
        resource('gone', 'x://gone'),
      ],
    });
    const [asked] = await at.history(session);
    expect(asked!.parts.map(({ type, synthetic, text, url }) => [type, synthetic ?? false, text ?? url])).toEqual([
      ['text', false, 'Look'],
      ['text', true, 'Reading MCP resource: read me (x://readme)'],
      ['text', true, 'Read me first.'],
      ['file', false, 'x://readme'],
      ['text', true, 'Reading MCP resource: picture (x://picture)'],
      ['text', true, '[Binary content: image/png]'],
      ['file', false, 'data:image/png;base64,iVBORw0KGgo='],
      ['text', true, 'Failed to read MCP resource gone: Resource not found: docs/x://gone'],
    ]);
    const told = plain(world.model.requests[0]!.body.messages.at(-1)!.content);
    expect(told).toContain('Read me first.');
    expect(told).toContain('Cannot read "picture": this model does not accept image input');
  });
});
