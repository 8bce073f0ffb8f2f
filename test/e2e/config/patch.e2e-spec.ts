import { chmod, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { withFileLock } from '#libs/extension';
import { TemporaryProject, TestServer, type TemporaryProjectOptions } from '../../../src/testing.js';

const SCHEMA = 'https://opencode.ai/config.json';

describe('PATCH', () => {
  let server: TestServer;
  const projects: TemporaryProject[] = [];
  const start = async () => {
    server = await TestServer.start({ variables: { SECRET: 'hush-hush', PORT: '4321' } });
  };
  afterEach(async () => {
    for (const project of projects.splice(0)) await project.remove();
  });

  async function place(options: TemporaryProjectOptions = {}) {
    const project = await TemporaryProject.create(options);
    projects.push(project);
    const { directory } = project;
    const patch = (json: unknown) => server.request('/config', { directory, method: 'PATCH', json });
    return { project, directory, patch, get: () => server.request('/config', { directory }) };
  }

  describe('/config', () => {
    beforeAll(start);
    afterAll(() => server.close());

    it('makes a file, answers with the patch in its long form, and starts the instance anew', async () => {
      const { project, directory, patch, get } = await place();
      const events = await server.events({ directory });
      const all = await server.events();
      const { status, body } = await patch({ permission: 'ask', agent: { a: { color: '#112233' } } });
      expect([status, body]).toEqual([
        200,
        { permission: { '*': 'ask' }, agent: { a: { color: '#112233', options: {}, permission: {} } } },
      ]);
      expect(JSON.parse(await project.read('opencode.json'))).toEqual({
        $schema: SCHEMA,
        permission: 'ask',
        agent: { a: { color: '#112233' } },
      });
      expect((await events.next('server.instance.disposed')).properties).toEqual({ directory });
      await events.ended();
      expect((await all.next('server.instance.disposed')).directory).toBe(directory);
      expect((await get()).body).toMatchObject({ permission: { '*': 'ask' }, agent: { a: { color: '#112233' } } });
      const agents = (await server.request('/agent', { directory })).body;
      expect(agents.at(-1)).toMatchObject({ name: 'a', color: '#112233' });
    });

    it('keeps comments, spaces and placeholders, and merges', async () => {
      const { project, directory, patch, get } = await place();
      const file = project.path('opencode.jsonc');
      const text = [
        '// mine',
        '{',
        '\t"theme": "old", // why',
        '\t"permission": { "bash": { "*": "ask" }, "edit": "allow" },',
        '\t"username": "{env:SECRET}",',
        '\t"instructions": ["a.md"],',
        '}',
        '',
      ].join('\r\n');
      await writeFile(file, text);
      await chmod(file, 0o640);
      expect((await get()).body.username).toBe('hush-hush');
      const body = {
        theme: 'new',
        permission: { bash: { 'ls *': 'allow' } },
        instructions: ['b.md'],
        share: 'disabled',
      };
      expect((await patch(body)).status).toBe(200);
      expect(await readFile(file, 'utf8')).toBe(
        [
          '// mine',
          '{',
          '\t"theme": "new", // why',
          '\t"permission": {',
          '\t\t"bash": {',
          '\t\t\t"*": "ask",',
          '\t\t\t"ls *": "allow"',
          '\t\t},',
          '\t\t"edit": "allow"',
          '\t},',
          '\t"username": "{env:SECRET}",',
          '\t"instructions": [',
          '\t\t"b.md"',
          '\t],',
          '\t"share": "disabled",',
          '}',
          '',
        ].join('\r\n'),
      );
      expect((await stat(file)).mode & 0o777).toBe(0o640);
      expect(await readdir(directory)).toEqual(['opencode.jsonc']);
      expect((await get()).body).toMatchObject({
        theme: 'new',
        username: 'hush-hush',
        instructions: ['b.md'],
        permission: { bash: { '*': 'ask', 'ls *': 'allow' }, edit: 'allow' },
      });
    });

    it('changes the file of the directory that wins, and follows links', async () => {
      const files = { 'opencode.jsonc': '{"theme":"a"}', 'opencode.json': '{"theme":"b"}' };
      const { project, patch, get } = await place({ files: { ...files, 'elsewhere/real.json': '{"theme":"c"}' } });
      await patch({ theme: 'x' });
      expect(await project.read('opencode.json')).toBe('{"theme":"x"}');
      await mkdir(project.path('.opencode'));
      await symlink(project.path('elsewhere/real.json'), project.path('.opencode/opencode.json'));
      await patch({ theme: 'y' });
      expect(await project.read('elsewhere/real.json')).toBe('{"theme":"y"}');
      expect((await lstat(project.path('.opencode/opencode.json'))).isSymbolicLink()).toBe(true);
      expect(await project.read('opencode.json')).toBe('{"theme":"x"}');
      expect((await get()).body.theme).toBe('y');
    });

    it('loses none of many at once', async () => {
      const { patch, get } = await place();
      await Promise.all([1, 2, 3, 4, 5].map((number) => patch({ command: { [`c${number}`]: { template: 't' } } })));
      expect(Object.keys((await get()).body.command).sort()).toEqual(['c1', 'c2', 'c3', 'c4', 'c5']);
    });

    it.each([
      ['an unknown key', { notakey: 1 }, 'unrecognized_keys'],
      ['null', { theme: null }, 'invalid_type'],
      ['a wrong type', { provider: { p: { models: 5 } } }, 'invalid_type'],
      ['a list', [], 'invalid_type'],
    ])('refuses %s', async (_name, json, code) => {
      const { directory, patch } = await place();
      const { status, body } = await patch(json);
      expect([status, body.success, body.data, body.error[0].code]).toEqual([400, false, json, code]);
      expect(await readdir(directory)).toEqual([]);
    });

    it('takes no body as nothing to change', async () => {
      const { directory } = await place();
      const { status, body } = await server.request('/config', { directory, method: 'PATCH' });
      expect([status, body]).toEqual([200, {}]);
      const malformed = { directory, method: 'PATCH', headers: { 'content-type': 'application/json' }, body: '{' };
      expect((await server.request('/config', malformed)).status).toBe(400);
    });

    it.each([
      ['no JSON', '{"theme" "x"}', 'ConfigJsonError'],
      ['no object', '[]', 'ConfigInvalidError'],
      ['wrong elsewhere', '{"them":"x"}', 'ConfigInvalidError'],
      ['ambiguous', '{"theme":"x","theme":"y"}', 'ConfigInvalidError'],
    ])('writes nothing into a file that is %s', async (_name, text, name) => {
      const { project, patch } = await place({ files: { 'opencode.json': text } });
      const { status, body } = await patch({ theme: 'z' });
      expect([status, body.name, body.data.path]).toEqual([500, name, project.path('opencode.json')]);
      expect(await project.read('opencode.json')).toBe(text);
    });

    it('can mend what is wrong', async () => {
      const { patch, get } = await place({ files: { 'opencode.json': '{"share":"never"}' } });
      expect((await get()).status).toBe(500);
      expect((await patch({ share: 'manual' })).status).toBe(200);
      expect((await get()).body.share).toBe('manual');
    });

    it('tells what a stronger source says otherwise', async () => {
      const content = JSON.stringify({ theme: 'inline', username: 'same', permission: { bash: 'deny' } });
      const variables = { OPENCODE_CONFIG_CONTENT: content, OPENCODE_DISABLE_PRUNE: '1' };
      await using strict = await TestServer.start({ variables });
      const { project, directory } = await place({
        files: {
          'opencode.json': '{}',
          '.git/HEAD': '',
          'sub/x': '',
          '.opencode/agent/a.md': '---\ncolor: "#112233"\n---\nx',
        },
      });
      const events = await strict.events({ directory });
      const patch = async (path: string, json: object) =>
        (await strict.request(path, { directory, method: 'PATCH', json })).status;
      const told = async () => (await events.next('session.error')).properties['error'].data.message;
      const file = project.path('opencode.json');
      const values = { theme: 'x', username: 'same', permission: { bash: { ls: 'allow' }, edit: 'ask' }, plugin: [] };
      const agent = { a: { color: '#445566', description: 'new' } };
      expect(await patch('/config', { ...values, agent, compaction: { prune: true, auto: true } })).toBe(200);
      const more = `and wins over ${file}`;
      expect(new Set([await told(), await told(), await told()])).toEqual(
        new Set([
          `A change does not show: OPENCODE_CONFIG_CONTENT says otherwise about theme, permission.bash.ls, ${more}`,
          `A change does not show: OPENCODE_DISABLE_PRUNE says otherwise about compaction.prune, ${more}`,
          `A change does not show: ${project.path('.opencode/**/*.md')} says otherwise about agent.a.color, ${more}`,
        ]),
      );
      expect(JSON.parse(await project.read('opencode.json'))).toMatchObject({ theme: 'x' });
      await events.ended();
      const next = await strict.events({ directory });
      expect((await strict.request('/config', { directory })).body).toMatchObject({
        theme: 'inline',
        permission: { edit: 'ask' },
      });
      await patch('/global/config', { theme: 'y', share: 'manual' });
      expect((await next.next('session.error')).properties['error'].data.message).toMatch(
        /^A change does not show: OPENCODE_CONFIG_CONTENT says otherwise about theme, and wins over .*\/opencode\.jsonc$/,
      );
      expect(strict.logs.join('\n')).toContain('says otherwise about theme');
    });

    it('is done also when somebody disposes the instance at the same time', async () => {
      const { project, directory, patch, get } = await place();
      await get();
      const data = join(server.home, '.local/share/opencode');
      await mkdir(data, { recursive: true });
      const [patched] = await withFileLock(join(data, 'config-edit.lock'), async () => {
        const reply = patch({ theme: 'x' });
        // it has its instance, and waits
        await Promise.race([reply, setTimeout(300)]);
        await server.request('/instance/dispose', { directory, method: 'POST' });
        return [reply];
      });
      expect(await patched).toMatchObject({ status: 200, body: { theme: 'x' } });
      expect(await project.read('opencode.json')).toContain('"theme": "x"');
      expect((await get()).body.theme).toBe('x');
    });

    it('says so when projects have no configuration', async () => {
      await using strict = await TestServer.start({ variables: { OPENCODE_DISABLE_PROJECT_CONFIG: '1' } });
      const { directory } = await place();
      const { status, body } = await strict.request('/config', { directory, method: 'PATCH', json: { theme: 'x' } });
      expect([status, body.name]).toEqual([400, 'InvalidRequestError']);
    });
  });

  describe('/global/config', () => {
    beforeEach(start);
    afterEach(() => server.close());

    const patchGlobal = (json: unknown) => server.request('/global/config', { method: 'PATCH', json });
    const file = (name: string) => join(server.home, '.config/opencode', name);
    async function put(name: string, text: string): Promise<void> {
      await mkdir(dirname(file(name)), { recursive: true });
      await writeFile(file(name), text);
    }

    it('makes opencode.jsonc, and starts every instance anew', async () => {
      const one = await place();
      const two = await place();
      for (const { get } of [one, two]) await get();
      expect((await server.request('/global/config')).body).toEqual({});
      const events = await server.events();
      const { status, body } = await patchGlobal({ theme: 'x' });
      expect([status, body]).toEqual([200, { $schema: SCHEMA, theme: 'x' }]);
      await events.next('global.disposed');
      const disposed = events.all('server.instance.disposed').map(({ directory }) => directory);
      expect(disposed.sort()).toEqual([one.directory, two.directory].sort());
      expect(events.log.at(-1)).toEqual({ directory: 'global', type: 'global.disposed', properties: {} });
      expect((await server.request('/global/config')).body).toEqual({ $schema: SCHEMA, theme: 'x' });
      expect((await one.get()).body.theme).toBe('x');
      expect((await stat(file('opencode.jsonc'))).mode & 0o777).toBe(0o600);
    });

    it('changes the file that wins, and answers with what it says but for the secrets', async () => {
      await put('config.json', '{"theme":"lost"}');
      await put('opencode.json', '{ "username": "{env:SECRET}" }');
      const { body } = await patchGlobal({ theme: 'x' });
      expect(body).toEqual({ username: '{env:SECRET}', theme: 'x' });
      expect(await readFile(file('config.json'), 'utf8')).toBe('{"theme":"lost"}');
      expect((await server.request('/global/config')).body).toMatchObject({ username: 'hush-hush', theme: 'x' });
    });

    it('loses nothing that another server writes at the same time', async () => {
      const data = join(server.home, '.local/share/opencode');
      await mkdir(data, { recursive: true });
      const [patched] = await withFileLock(join(data, 'config-edit.lock'), async () => {
        // the other server has read the file, and this one is asked
        const reply = patchGlobal({ theme: 'x' });
        await Promise.race([reply, setTimeout(300)]);
        await put('opencode.jsonc', '{ "username": "theirs" }');
        return [reply];
      });
      expect((await patched).body).toEqual({ username: 'theirs', theme: 'x' });
      expect(JSON.parse(await readFile(file('opencode.jsonc'), 'utf8'))).toEqual({ username: 'theirs', theme: 'x' });
      const others = ['b', 'c', 'd'].map((agent) => patchGlobal({ agent: { [agent]: { model: 'a/b' } } }));
      expect((await Promise.all(others)).map(({ status }) => status)).toEqual([200, 200, 200]);
      expect(Object.keys((await server.request('/global/config')).body.agent)).toEqual(['b', 'c', 'd']);
    });

    it('knows placeholders without quotes', async () => {
      await put('opencode.json', '{ "server": { "port": {env:PORT} } }');
      expect(await patchGlobal({ theme: 'x' })).toMatchObject({ status: 500, body: { name: 'ConfigInvalidError' } });
      expect(await readFile(file('opencode.json'), 'utf8')).toBe('{ "server": { "port": {env:PORT} } }');
    });

    it('writes nothing when the file is broken', async () => {
      await put('opencode.jsonc', '{ "username": "{env:SECRET}", ');
      const { status, body } = await patchGlobal({ theme: 'x' });
      expect([status, body.name, body.data.path]).toEqual([500, 'ConfigJsonError', file('opencode.jsonc')]);
      expect(JSON.stringify([body, server.logs])).not.toContain('hush-hush');
      expect(await readFile(file('opencode.jsonc'), 'utf8')).toBe('{ "username": "{env:SECRET}", ');
      expect((await patchGlobal({ nope: 1 })).status).toBe(400);
    });
  });
});
