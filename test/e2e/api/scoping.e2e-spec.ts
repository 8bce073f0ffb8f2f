import { symlink } from 'node:fs/promises';
import { reply, ScriptedModel, TemporaryProject, TestServer } from '../../../src/testing.js';
import { ProjectClient, say } from '../../helpers/project-client.js';

const ASK_FOR_BASH = [{ permission: 'bash', pattern: '*', action: 'ask' }];

describe('two projects in one server', () => {
  let model: ScriptedModel;
  let server: TestServer;
  let red: ProjectClient;
  let blue: ProjectClient;
  beforeAll(async () => {
    model = await ScriptedModel.start();
    server = await TestServer.start();
    const files = { 'sub/a.txt': 'a' };
    red = new ProjectClient(server, await TemporaryProject.create({ model, config: { username: 'red' }, files }));
    blue = new ProjectClient(
      server,
      await TemporaryProject.create({
        model,
        config: { username: 'blue' },
        git: true,
        files: { ...files, 'b.txt': 'b' },
      }),
    );
  });
  afterAll(async () => {
    await server.close();
    await red.project.remove();
    await blue.project.remove();
    await model.close();
  });
  afterEach(() => model.clear());
  const pathOf = async (path: string, header?: string) =>
    (await server.request(path, { headers: header === undefined ? {} : { 'x-opencode-directory': header } })).body
      .directory;

  describe('a directory', () => {
    it('is taken from query, then header, then the server', async () => {
      const [query, header] = [encodeURIComponent(red.directory), encodeURIComponent(blue.directory)];
      expect(await pathOf('/path')).toBe(server.home);
      expect(await pathOf('/path', header)).toBe(blue.directory);
      expect(await pathOf(`/path?directory=${query}`)).toBe(red.directory);
      expect(await pathOf(`/path?directory=${query}`, header)).toBe(red.directory);
      expect(await pathOf('/path?directory=', header)).toBe(blue.directory);
      expect(await pathOf('/path', '')).toBe(server.home);
    });

    it('may be encoded or not, once or twice, and end in a slash', async () => {
      const { directory } = red;
      for (const written of [directory, `${directory}/`, `${directory}/sub/..`, `${directory}//`]) {
        expect(await pathOf('/path', written)).toBe(directory);
        expect(await pathOf('/path', encodeURIComponent(written))).toBe(directory);
        expect(await pathOf(`/path?directory=${encodeURIComponent(written)}`)).toBe(directory);
        expect(await pathOf(`/path?directory=${encodeURIComponent(encodeURIComponent(written))}`)).toBe(directory);
      }
    });

    it('may have any name', async () => {
      for (const name of ['Größe 100%', 'a b', '日本']) {
        await red.project.write(`${name}/x.txt`, 'x');
        const directory = red.project.path(name);
        expect(await pathOf('/path', encodeURIComponent(directory))).toBe(directory);
        expect(await pathOf(`/path?directory=${encodeURIComponent(directory)}`)).toBe(directory);
      }
    });

    it.each([
      ['missing', () => red.project.path('nowhere'), 404, 'NotFoundError'],
      ['below a file', () => blue.project.path('b.txt/x'), 404, 'NotFoundError'],
      ['a file', () => blue.project.path('b.txt'), 400, 'InvalidRequestError'],
      ['relative', () => 'sub', 400, undefined],
      ['relative upwards', () => '../', 400, undefined],
      ['with a NUL byte', () => `${red.directory}\0`, 400, undefined],
      ['too long', () => `/${'x'.repeat(10_000)}`, 400, 'InvalidRequestError'],
    ])('that is %s is refused with a reason', async (_, directory, status, name) => {
      const query = `directory=${encodeURIComponent(directory())}`;
      for (const path of [
        '/path',
        '/session',
        '/config',
        '/event',
        '/permission',
        '/agent',
        '/project/current',
        '/provider',
      ]) {
        const answer = await server.request(`${path}?${query}`);
        expect([path, answer.status, answer.headers.get('content-type')]).toEqual([path, status, 'application/json']);
        if (name) expect(answer.body).toEqual({ name, data: expect.objectContaining({ message: expect.any(String) }) });
        else
          expect(answer.body).toMatchObject({
            success: false,
            error: [{ path: ['directory'], message: expect.any(String) }],
          });
      }
      const created = await server.request(`/session?${query}`, { json: {} });
      expect(created.status).toBe(status);
    });

    it('named twice is refused', async () => {
      const { status, body } = await server.request('/path?directory=/a&directory=/b');
      expect([status, body]).toMatchObject([400, { data: { directory: ['/a', '/b'] }, success: false }]);
    });

    it('reached through a link works', async () => {
      await symlink(blue.directory, red.project.path('link'));
      const directory = red.project.path('link');
      expect((await server.request('/config', { directory })).body).toMatchObject({ username: 'blue' });
    });
  });

  it('have a configuration each', async () => {
    expect((await red.get('/config')).body).toMatchObject({ username: 'red' });
    expect((await blue.get('/config')).body).toMatchObject({ username: 'blue' });
    expect((await server.request('/config')).body).not.toHaveProperty('model');
  });

  it('have a project each', async () => {
    const [ours, theirs] = [(await red.get('/project/current')).body, (await blue.get('/project/current')).body];
    expect(ours).toMatchObject({ id: 'global', worktree: '/' });
    expect(theirs).toMatchObject({ id: expect.stringMatching(/^[0-9a-f]{40}$/), worktree: blue.directory, vcs: 'git' });
    expect((await server.request('/project')).body).toEqual(
      expect.arrayContaining([ours, theirs].map(({ id }) => expect.objectContaining({ id }))),
    );
    expect([(await red.get('/vcs')).body, (await blue.get('/vcs')).body]).toEqual([{}, { branch: 'main' }]);
    expect((await server.request('/path', { directory: blue.project.path('sub') })).body).toMatchObject({
      directory: blue.project.path('sub'),
      worktree: blue.directory,
    });
  });

  it('have their own events; the global stream has both, by directory', async () => {
    using reds = await red.openEvents();
    using blues = await blue.openEvents();
    using all = await server.events();
    const [one, two] = [await red.create({ title: 'one' }), await blue.create({ title: 'two' })];
    model.push(reply().text('Red.'));
    await red.prompt(one.id, 'Colour?');
    await reds.until('session.idle');
    await blue.patch(`/session/${two.id}`, { title: 'three' });
    await blues.next((event) => event.properties['info']?.title === 'three');
    const sessionOf = ({ properties }: (typeof reds.log)[number]) =>
      properties['sessionID'] ??
      properties['info']?.sessionID ??
      properties['part']?.sessionID ??
      properties['info']?.id;
    const connected = 1;
    expect(new Set(reds.log.slice(connected).map(sessionOf))).toEqual(new Set([one.id]));
    expect(new Set(blues.log.slice(connected).map(sessionOf))).toEqual(new Set([two.id]));

    await all.next((event) => event.properties['info']?.title === 'three');
    const by = (directory: string) => all.log.filter((event) => event.directory === directory).map(sessionOf);
    expect(new Set(by(red.directory))).toEqual(new Set([one.id]));
    expect(new Set(by(blue.directory))).toEqual(new Set([two.id]));
    expect(all.log[0]).toEqual({ type: 'server.connected', properties: {} });
    // the same events in the same order as in the stream of the instance
    expect(all.log.filter((event) => event.directory === red.directory).map(({ type }) => type)).toEqual(
      reds.types().slice(connected),
    );
  });

  it('have their own runs and permission requests', async () => {
    using reds = await red.openEvents();
    using blues = await blue.openEvents();
    const [one, two] = [
      await red.create({ permission: ASK_FOR_BASH }),
      await blue.create({ permission: ASK_FOR_BASH }),
    ];
    model.always(
      ({ messages }) => messages.at(-1)?.role === 'user',
      () => reply().tool('bash', { command: 'pwd', description: 'where' }),
    );
    model.always(
      ({ messages }) => messages.at(-1)?.role === 'tool',
      () => reply().text('Done.'),
    );
    const prompts = [red.prompt(one.id, 'Where?'), blue.prompt(two.id, 'Where?')];
    const asked = [await reds.next('permission.asked'), await blues.next('permission.asked')];
    expect((await red.get('/permission')).body).toEqual([asked[0]!.properties]);
    expect((await blue.get('/permission')).body).toEqual([asked[1]!.properties]);
    expect((await server.request('/permission')).body).toEqual([]);
    expect((await red.get('/session/status')).body).toEqual({ [one.id]: { type: 'busy' } });
    expect((await blue.get('/session/status')).body).toEqual({ [two.id]: { type: 'busy' } });
    expect((await server.request('/session/status')).body).toEqual({});

    // leave for all of a project is no leave for the other
    await red.post(`/permission/${asked[0]!.properties['id']}/reply`, { reply: 'always' });
    expect(JSON.stringify((await prompts[0])!.body.parts)).toContain('Done.');
    expect((await blue.get('/permission')).body).toHaveLength(1);
    expect(blues.types('permission.replied')).toEqual([]);
    await blue.post(`/permission/${asked[1]!.properties['id']}/reply`, { reply: 'once' });
    expect((await prompts[1])!.status).toBe(200);
    const outputs = async (client: ProjectClient, id: string) =>
      JSON.stringify(
        (await client.get(`/session/${id}/message`)).body.flatMap(({ parts }: { parts: object[] }) => parts),
      );
    expect(await outputs(red, one.id)).toContain(`"output":"${red.directory}\\n"`);
    expect(await outputs(blue, two.id)).toContain(`"output":"${blue.directory}\\n"`);
  });

  it('are disposed one at a time: its runs end, its streams close after they were told', async () => {
    using reds = await red.openEvents();
    using blues = await blue.openEvents();
    using all = await server.events();
    const [one, two] = [await red.create(), await blue.create()];
    const arrived = model.requests.length + 1;
    model.always(
      () => true,
      () => reply().text('Well').hang(),
    );
    const prompts = [red.prompt(one.id, 'Wait'), blue.prompt(two.id, 'Wait')];
    await reds.next('message.part.delta');
    await blues.next('message.part.delta');
    expect(await red.post('/instance/dispose')).toMatchObject({ status: 200, body: true });
    await reds.ended();
    expect(reds.log.at(-1)).toEqual({ type: 'server.instance.disposed', properties: { directory: red.directory } });
    expect(await prompts[0]).toMatchObject({ status: 200, body: { info: { error: { name: 'MessageAbortedError' } } } });
    expect(await all.next('server.instance.disposed')).toMatchObject({ directory: red.directory });

    expect((await red.get('/session/status')).body).toEqual({});
    expect((await blue.get('/session/status')).body).toEqual({ [two.id]: { type: 'busy' } });
    await blue.post(`/session/${two.id}/abort`);
    expect((await prompts[1])!.body.info.error.name).toBe('MessageAbortedError');
    expect(blues.types()).not.toContain('server.instance.disposed');
    expect(model.requests.length + model.asides.length).toBeGreaterThanOrEqual(arrived);

    // the next request makes a new one; the history is still there
    using again = await red.openEvents();
    expect((await red.get(`/session/${one.id}/message`)).body).toHaveLength(2);
    await red.create();
    await again.next('session.created');
  });

  it('are all disposed by the global call, which leaves the global stream open', async () => {
    using reds = await red.openEvents();
    using all = await server.events();
    await blue.get('/path');
    expect(await server.request('/global/dispose', { method: 'POST' })).toMatchObject({ status: 200, body: true });
    await reds.ended();
    const seen = await all.until('global.disposed');
    expect(seen.at(-1)).toEqual({ type: 'global.disposed', properties: {}, directory: 'global' });
    const disposed = seen.filter(({ type }) => type === 'server.instance.disposed').map(({ directory }) => directory);
    expect(disposed).toEqual(expect.arrayContaining([red.directory, blue.directory]));
    await red.create();
    await all.next('session.created');
  });

  describe('when one has a broken configuration', () => {
    it.each([
      ['no JSON', '{ "model": ', 'ConfigJsonError'],
      ['an unknown key', '{ "notakey": 1 }', 'ConfigInvalidError'],
      ['a wrong type', '{ "username": 5 }', 'ConfigInvalidError'],
    ])('%s: the other works on, and it heals when the file is repaired', async (_, content, name) => {
      await using broken = await TemporaryProject.create({ files: { 'opencode.json': content } });
      const client = new ProjectClient(server, broken);
      for (const path of ['/config', '/config/providers', '/agent', '/provider']) {
        const { status, body } = await client.get(path);
        expect([path, status, body]).toEqual([
          path,
          500,
          { name, data: expect.objectContaining({ path: broken.path('opencode.json') }) },
        ]);
      }
      const session = await client.create();
      const prompt = await client.prompt(session.id, 'Hello');
      expect([prompt.status, prompt.body.name]).toEqual([500, name]);
      expect((await client.get(`/session/${session.id}/message`)).body).toEqual([]);
      expect((await red.get('/config')).body).toMatchObject({ username: 'red' });
      expect((await server.request('/global/health')).status).toBe(200);

      await broken.write('opencode.json', JSON.stringify({ username: 'healed' }));
      expect((await client.get('/config')).body).toMatchObject({ username: 'healed' });
      expect((await client.get('/agent')).status).toBe(200);
      expect(await client.post(`/session/${session.id}/message`, say('Hello'))).toMatchObject({ status: 200 });
    });
  });
});
