import { mkdir, writeFile } from 'node:fs/promises';
import { plain, reply, scriptedProvider } from '../../../src/testing.js';
import { STEP } from '../../helpers/event-story.js';
import { type Place, RunWorld } from '../../helpers/run-world.js';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const PDF = Buffer.from('%PDF-1.4\n%\u00e2\u00e3\n').toString('base64');

describe('files of a prompt', () => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start();
  });
  afterEach(() => world.settle());
  afterAll(() => world.close());

  /** A project whose model takes images and documents. */
  async function place(): Promise<Place> {
    const config = scriptedProvider(world.model) as { provider: { scripted: { models: { test: object } } } };
    Object.assign(config.provider.scripted.models.test, {
      attachment: true,
      modalities: { input: ['text', 'image', 'pdf'], output: ['text'] },
    });
    const made = await world.place({ config, files: { 'a.txt': 'alpha\nbeta\ngamma\ndelta\n' } });
    await writeFile(made.project.path('dot.png'), Buffer.from(PNG, 'base64'));
    await writeFile(made.project.path('paper.pdf'), Buffer.from(PDF, 'base64'));
    await mkdir(made.project.path('dir'));
    await writeFile(made.project.path('dir', 'inside.md'), '# x');
    return made;
  }

  /** Sends files; returns the stored parts, and the content that the model was sent. */
  async function attach(at: Place, ...files: { mime: string; url: string; [key: string]: unknown }[]) {
    world.model.push(reply().text('I see.'));
    const session = await at.session();
    const parts = files.map((file) => ({ type: 'file', ...file }));
    const { status } = await at.prompt(session, { parts });
    expect(status).toBe(200);
    const [user] = await at.history(session);
    const content = world.model.requests.at(-1)!.body.messages.filter(({ role }) => role === 'user');
    return { session, parts: user!.parts, content: content.at(-1)?.content ?? '' };
  }

  const local = (at: Place, path: string, query = '') => `file://${at.project.path(path)}${query}`;
  const shape = (parts: { type: string; synthetic?: boolean }[]) =>
    parts.map(({ type, synthetic }) => (synthetic ? 'note' : type));

  it.each([
    ['', ['alpha', 'beta', 'gamma', 'delta'], {}],
    ['?start=2&end=3', ['beta', 'gamma'], { offset: 2, limit: 2 }],
    ['?start=3', ['gamma', 'delta'], { offset: 3 }],
    ['?start=0&end=1', ['alpha'], { offset: 1, limit: 1 }],
    ['?end=2', ['alpha', 'beta', 'gamma', 'delta'], {}],
    ['?start=x&end=2', ['alpha', 'beta', 'gamma', 'delta'], {}],
    ['?start=3&end=2', ['gamma', 'delta'], { offset: 3 }],
  ])('text with the range %j is read as the model would read it', async (query, lines, range) => {
    const at = await place();
    const url = local(at, 'a.txt', query);
    const { parts, content } = await attach(at, { mime: 'text/plain', url, filename: 'a.txt' });
    expect(shape(parts)).toEqual(['note', 'note', 'file']);
    expect(parts[0].text).toContain(JSON.stringify({ filePath: at.project.path('a.txt'), ...range }));
    expect([...parts[1].text.matchAll(/\d+: (\w+)$/gm)].map(([, line]) => line)).toEqual(lines);
    expect(parts[2]).toMatchObject({ mime: 'text/plain', url, filename: 'a.txt' });
    // the notes carry the content
    expect(plain(content)).toBe(`${parts[0].text}\n${parts[1].text}`);
  });

  it('a directory is listed, whatever it is taken for', async () => {
    const at = await place();
    for (const mime of ['text/plain', 'application/x-directory', 'image/png']) {
      const { parts, content } = await attach(at, { mime, url: local(at, 'dir') });
      expect(shape(parts)).toEqual(['note', 'note', 'file']);
      expect(parts[2].mime).toBe('application/x-directory');
      expect(plain(content)).toContain('inside.md');
    }
  });

  it.each([
    ['image/png', 'dot.png', PNG],
    ['application/pdf', 'paper.pdf', PDF],
  ])('%s is sent whole', async (mime, name, bytes) => {
    const at = await place();
    const { parts, content } = await attach(at, { mime, url: local(at, name), filename: name });
    expect(shape(parts)).toEqual(['note', 'file']);
    expect(parts[1]).toMatchObject({ mime, filename: name, url: `data:${mime};base64,${bytes}` });
    expect(JSON.stringify(content)).toContain(bytes);
  });

  it('an image that is sent as text takes the place of the text', async () => {
    const at = await place();
    const file = { id: 'prt_mine', mime: 'text/plain', url: local(at, 'dot.png'), filename: 'dot.png' };
    const { parts, content } = await attach(at, file);
    expect(shape(parts)).toContain('file');
    expect(parts.find(({ type }) => type === 'file')).toEqual(
      expect.objectContaining({ id: 'prt_mine', mime: 'image/png', url: `data:image/png;base64,${PNG}` }),
    );
    expect(JSON.stringify(content)).toContain(PNG);
  });

  it.each([
    ['data:text/plain;base64,ZMOpbHRh', 'délta'],
    ['data:text/plain,d%C3%A9lta%2C%20100%25', 'délta, 100%'],
    ['data:text/plain;charset=utf-8,one,two', 'one,two'],
  ])('%s is told as text, and nothing but it', async (url, text) => {
    const at = await place();
    const { parts } = await attach(at, { mime: 'text/plain', url, filename: 'b.txt' });
    expect(shape(parts)).toEqual(['note', 'note', 'file']);
    expect(parts[1].text).toBe(text);
    expect(parts[2].url).toBe(url);
  });

  it('other data is sent as it is, and what is elsewhere is left to the provider', async () => {
    const at = await place();
    const data = `data:image/png;base64,${PNG}`;
    const first = await attach(at, { mime: 'image/png', url: data });
    expect(shape(first.parts)).toEqual(['file']);
    expect(JSON.stringify(first.content)).toContain(PNG);
    const url = 'https://example.com/dot.png';
    const second = await attach(at, { mime: 'image/png', url });
    expect(second.parts).toMatchObject([{ type: 'file', url }]);
    expect(second.content).toEqual([expect.objectContaining({ type: 'image_url', image_url: { url } })]);
  });

  it('several keep the order in which they were sent', async () => {
    const at = await place();
    const session = await at.session();
    world.model.push(reply().text('I see.'));
    await at.prompt(session, {
      parts: [
        { type: 'file', mime: 'text/plain', url: local(at, 'a.txt') },
        { type: 'text', text: 'first' },
        { type: 'agent', name: 'general' },
        { type: 'file', mime: 'image/png', url: local(at, 'dot.png') },
        { type: 'text', text: 'last' },
      ],
    });
    const [user] = await at.history(session);
    expect(shape(user!.parts)).toEqual(['note', 'note', 'file', 'text', 'agent', 'note', 'note', 'file', 'text']);
    const told = at.events.all(
      ({ type, properties }) => type === 'message.part.updated' && properties['part'].messageID === user!.info.id,
    );
    expect(told.map(({ properties }) => properties['part'])).toEqual(user!.parts);
  });

  it('of other places need no leave, and count as read', async () => {
    const at = await place();
    const other = await world.place({ files: { 'far.txt': 'far away\n' } });
    const filePath = other.project.path('far.txt');
    world.model.push(
      reply().tool('edit', { filePath, oldString: 'far away', newString: 'near' }),
      reply().text('Changed it.'),
    );
    const session = await at.session({ permission: [{ permission: '*', pattern: '*', action: 'allow' }] });
    const file = { type: 'file', mime: 'text/plain', url: `file://${filePath}` };
    await at.prompt(session, { parts: [{ type: 'text', text: 'Change it' }, file] });
    expect((await at.history(session))[0]!.parts[2].text).toContain('far away');
    expect(await other.project.read('far.txt')).toBe('near\n');
    expect(at.events.all('permission.asked')).toEqual([]);
  });

  it('text that is not there is told to the model and to the person, and the prompt runs', async () => {
    const at = await place();
    const path = at.project.path('missing.txt');
    const { session, parts, content } = await attach(at, { mime: 'text/plain', url: `file://${path}` });
    expect(shape(parts)).toEqual(['note', 'note', 'file']);
    expect(plain(content)).toContain(`File not found: ${path}`);
    expect(at.tale(session).slice(0, 6)).toEqual([
      'session.error UnknownError',
      'user',
      `part text ${JSON.stringify(parts[0].text)}`,
      `part text ${JSON.stringify(parts[1].text)}`,
      'file',
      STEP.prompt('')[2],
    ]);
    const [error] = at.events.all('session.error');
    expect(error!.properties).toEqual({
      sessionID: session,
      error: { name: 'UnknownError', data: { message: `File not found: ${path}` } },
    });
  });

  it.each([
    ['ftp://example.com/a.txt', 'No way to attach'],
    ['data:text/plain,%ZZ', 'not correctly encoded'],
  ])('%s is refused, and nothing is stored', async (url, message) => {
    const at = await place();
    const session = await at.session();
    const text = { type: 'text', text: 'See' };
    const answer = await at.prompt(session, { parts: [text, { type: 'file', mime: 'text/plain', url }] });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain(message);
    expect(await at.history(session)).toEqual([]);
  });
});
