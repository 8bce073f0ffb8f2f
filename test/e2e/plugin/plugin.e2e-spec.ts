import { AGENT_HOOK_SPECIFICATION, AgentHook, type AgentHookHandler, InstanceStore } from '../../../src/index.js';
import { Module } from '@nestjs/common';
import { plain, reply, ScriptedModel, TemporaryProject, TestServer } from '../../../src/testing.js';
import { until } from '../../helpers/until.js';

/** A plugin that writes what it finds into a file of the project. */
const plugin = (body: string, more = '') => `
import { writeFileSync, appendFileSync } from 'node:fs';
${more}
export const Subject = async ({ client, $, directory }) => {
  const tell = (name, value) => writeFileSync(directory + '/' + name, JSON.stringify(value));
  ${body}
};`;

describe('plugins', () => {
  let model: ScriptedModel;
  let project: TemporaryProject;
  beforeAll(async () => {
    model = await ScriptedModel.start();
  });
  afterEach(() => project.remove());
  afterAll(() => model.close());

  const told = async (name: string) => JSON.parse(await project.read(name));
  const make = async (files: Record<string, string>, config: Record<string, unknown> = {}) => {
    project = await TemporaryProject.create({ model, files, config });
    return project;
  };
  const password = { authorization: `Basic ${Buffer.from('opencode:secret').toString('base64')}` };

  it('speak to a server with a password by their client, while they are set up and after', async () => {
    const body = `
      const { data: config } = await client.config.get();
      const { data: session } = await client.session.create({ body: { title: 'From a plugin' } });
      const missing = await client.session.get({ path: { id: 'ses_none' } });
      tell('setup.json', { model: config.model, session, status: missing.response.status });
      return { config: async (config) => { config.username = 'later'; } };`;
    const { directory } = await make({ '.opencode/plugin/a.mjs': '', '.opencode/plugin/subject.js': plugin(body) });
    await using server = await TestServer.start({ credentials: { username: 'opencode', password: 'secret' } });
    const { body: sessions } = await server.request('/session', { directory, headers: password });
    expect(await told('setup.json')).toMatchObject({ model: 'scripted/test', status: 404 });
    expect(sessions.map(({ id }: { id: string }) => id)).toEqual([(await told('setup.json')).session.id]);
    expect((await server.request('/config', { directory, headers: password })).body.username).toBe('later');
    // whoever is outside still needs it
    expect((await server.request('/config', { directory })).status).toBe(401);
    const forged = { 'x-opencode-inside': 'x' };
    expect((await server.request('/config', { directory, headers: forged })).status).toBe(401);
  });

  it('read events by their client, past the network, for as long as they want and their project lasts', async () => {
    const body = `
      const { stream } = await client.event.subscribe();
      for await (const event of stream) { tell('left.json', event.type); break; }
      const read = async (name, { stream }) => {
        for await (const event of stream) appendFileSync(directory + '/' + name, (event.payload ?? event).type + '\\n');
        appendFileSync(directory + '/' + name, 'end\\n');
      };
      void read('own.txt', await client.event.subscribe());
      void read('all.txt', await client.global.event());
      return {};`;
    const { directory } = await make({ '.opencode/plugin/subject.js': plugin(body) });
    await using server = await TestServer.start({
      credentials: { username: 'opencode', password: 'secret' },
      idleTimeout: 500,
    });
    await server.request('/session', { directory, headers: password, json: { title: 'Named' } });
    expect(await told('left.json')).toBe('server.connected');
    const heard = async (name: string) => (await project.read(name).catch(() => '')).trim().split('\n');
    for (const name of ['own.txt', 'all.txt']) {
      await until(async () => (await heard(name)).includes('session.created'), `${name} tells of the session`);
      // nobody else is there: what the plugin reads does not keep its project
      await until(async () => (await heard(name)).at(-1) === 'end', `${name} ends with the project`);
    }
    expect(await server.app.get(InstanceStore, { strict: false }).list()).toEqual([]);
  });

  it('run commands, whose values are never parsed', async () => {
    const evil = `'; touch "hacked" $(touch hacked) \`touch hacked\` "`;
    const body = `
      const evil = ${JSON.stringify(evil)};
      const first = await $\`echo \${evil} "in \${evil}" 'single \${evil}' \${['a b', 'c']} | cat\`;
      const failed = await $\`echo out; echo err >&2; exit 3\`.nothrow();
      const thrown = await $\`exit 4\`.catch((error) => [error.name, error.exitCode]);
      const lines = [];
      for await (const line of $\`printf 'a\\nb\\n'\`.lines()) lines.push(line);
      tell('shell.json', {
        first: first.text(),
        failed: [failed.exitCode, failed.stdout.toString(), failed.stderr.toString()],
        thrown,
        lines,
        json: await $\`echo '{"a":1}'\`.json(),
        cwd: await $\`pwd\`.cwd('/').quiet().text(),
        env: await $\`echo $MARK\`.env({ MARK: 'set' }).text(),
        own: await $\`pwd\`.text(),
        raw: await $\`echo \${{ raw: 'one two' }}\`.text(),
        count: await $\`for each in \${['x y', 'z']}; do echo "$each"; done\`.text(),
        stream: await Promise.resolve().then(() => $\`cat < \${new Response('x')}\`).catch((error) => error.message),
      });
      return {};`;
    const { directory } = await make({ '.opencode/plugin/subject.js': plugin(body) });
    await using server = await TestServer.start();
    expect((await server.request('/config', { directory })).status).toBe(200);
    expect(await told('shell.json')).toEqual({
      first: `${evil} in ${evil} single ${evil} a b c\n`,
      failed: [3, 'out\n', 'err\n'],
      thrown: ['ShellError', 4],
      lines: ['a', 'b'],
      json: { a: 1 },
      cwd: '/\n',
      env: 'set\n',
      own: `${directory}\n`,
      raw: 'one two\n',
      count: 'x y\nz\n',
      stream: expect.stringContaining('streams are not supported'),
    });
    await expect(project.read('hacked')).rejects.toThrow('ENOENT');
  });

  it.each([
    ['throws when it is set up', plugin('throw new Error("not today");'), 'not today'],
    ['cannot be parsed', 'export const = 1', 'SyntaxError'],
    ['imports what is not there', `import 'no-such-package'; export const A = async () => ({});`, 'no-such-package'],
    [
      'changes the configuration and fails',
      plugin('return { config() { throw new Error("no config"); } };'),
      'no config',
    ],
  ])('that %s are an error of their instance, until they are mended', async (_, text, message) => {
    const { directory } = await make({ '.opencode/plugin/subject.js': text });
    await using server = await TestServer.start();
    const other = await TemporaryProject.create();
    for (let attempt = 0; attempt < 2; attempt++) {
      const { status, body } = await server.request('/session', { directory });
      expect(status).toBe(500);
      expect(body).toMatchObject({ name: 'UnknownError', data: { message: expect.stringContaining(message) } });
      expect(body.data.message).toContain('.opencode/plugin/subject.js');
    }
    expect((await server.request('/session', { directory: other.directory })).status).toBe(200);
    await project.write('.opencode/plugin/subject.js', plugin('return {};'));
    expect((await server.request('/session', { directory })).status).toBe(200);
    await other.remove();
  });

  it('fail a step, not the server; hear of it; and hear no more when their instance is gone', async () => {
    const body = `
      const heard = [];
      setInterval(() => Promise.resolve(), 1000).unref();
      return {
        event: async ({ event }) => {
          appendFileSync(directory + '/events.txt', event.type + '\\n');
          event.properties = 'changed';
          throw new Error('deaf');
        },
        'chat.params': async () => { throw new Error('no parameters'); },
      };`;
    const { directory } = await make({ '.opencode/plugins/subject.js': plugin(body) });
    await using server = await TestServer.start();
    const { body: session } = await server.request('/session', { directory, json: { title: 'Named' } });
    const { body: answer } = await server.request(`/session/${session.id}/message`, {
      directory,
      json: { parts: [{ type: 'text', text: 'hi' }] },
    });
    expect(answer.info.error).toMatchObject({ name: 'UnknownError' });
    expect(answer.info.error.data.message).toMatch(/plugins\/subject\.js failed: chat\.params: no parameters/);
    await server.request('/instance/dispose', { directory, method: 'POST' });
    const events = async () => (await project.read('events.txt')).trim().split('\n');
    await until(async () => (await events()).at(-1) === 'server.instance.disposed', 'the last event is heard');
    expect(await events()).toEqual(expect.arrayContaining(['session.created', 'session.error', 'session.idle']));
    expect(server.logs.join('\n')).toContain('failed to take an event: deaf');
  });

  it('hear each event once, however often it took until they were set up', async () => {
    const body = `return {
      event: ({ event }) => appendFileSync(directory + '/events.txt', event.type + '\\n'),
      config: () => { if (!existsSync(directory + '/ready')) throw new Error('not yet'); },
    };`;
    const { directory } = await make({
      '.opencode/plugin/subject.js': plugin(body, `import { existsSync } from 'node:fs';`),
    });
    await using server = await TestServer.start();
    for (let attempt = 0; attempt < 2; attempt++)
      expect((await server.request('/session', { directory })).status).toBe(500);
    await project.write('ready', '');
    await server.request('/session', { directory, json: { title: 'Named' } });
    await server.request('/instance/dispose', { directory, method: 'POST' });
    const events = async () => (await project.read('events.txt').catch(() => '')).trim().split('\n');
    await until(async () => (await events()).at(-1) === 'server.instance.disposed', 'the last event is heard');
    expect((await events()).filter((type) => type === 'session.created')).toHaveLength(1);
  });

  it('are set up before anybody else uses the instance, and once', async () => {
    const body = `
      appendFileSync(directory + '/setups.txt', 'x');
      await new Promise((resolve) => setTimeout(resolve, 50));
      return { config: async (config) => { config.username = 'ready'; } };`;
    const { directory } = await make({ '.opencode/plugin/subject.js': plugin(body) });
    await using server = await TestServer.start();
    const names = await Promise.all(
      [1, 2, 3].map(async () => (await server.request('/config', { directory })).body.username),
    );
    expect(names).toEqual(['ready', 'ready', 'ready']);
    expect(await project.read('setups.txt')).toBe('x');
    await server.request('/instance/dispose', { directory, method: 'POST' });
    await project.write(
      '.opencode/plugin/subject.js',
      plugin(`return { config: async (c) => { c.username = 'edited'; } };`),
    );
    expect((await server.request('/config', { directory })).body.username).toBe('edited');
  });

  it('work with hooks of the application, which may come before and after them', async () => {
    @AgentHook({ order: 200 })
    class Last implements AgentHookHandler {
      readonly specificationVersion = AGENT_HOOK_SPECIFICATION;
      systemPrompt = (sections: readonly string[]) => [sections.join('|'), 'host'];
      textComplete = (text: string) => `${text}!`;
    }
    @AgentHook()
    class First implements AgentHookHandler {
      readonly specificationVersion = AGENT_HOOK_SPECIFICATION;
      systemPrompt = () => ['first'];
      permission = () => 'allow' as const;
    }
    @Module({ providers: [Last, First] })
    class HostModule {}
    const body = `return {
      'experimental.chat.system.transform': async (_, output) => { output.system.push('plugin'); },
      'experimental.text.complete': async (_, output) => { output.text += '?'; },
    };`;
    const { directory } = await make({ '.opencode/plugin/subject.js': plugin(body) });
    await using server = await TestServer.start({ imports: [HostModule] });
    const { body: session } = await server.request('/session', { directory, json: { title: 'Named' } });
    model.push(reply().text('well'));
    const { body: answer } = await server.request(`/session/${session.id}/message`, {
      directory,
      json: { parts: [{ type: 'text', text: 'hi' }] },
    });
    const system = model.requests.at(-1)!.body.messages.filter(({ role }) => role === 'system');
    expect(system.map(({ content }) => plain(content))).toEqual(['first|plugin', 'host']);
    expect(answer.parts.find(({ type }: { type: string }) => type === 'text').text).toBe('well?!');
  });

  it('are left alone when the application says so', async () => {
    const { directory } = await make({
      '.opencode/plugin/subject.js': plugin('throw new Error("never");'),
      '.opencode/tool/t.js': 'throw new Error("never")',
    });
    await using server = await TestServer.start({ plugins: false });
    const { body: ids } = await server.request('/experimental/tool/ids', { directory });
    expect(ids).not.toContain('t');
  });

  it('bring logins', async () => {
    const body = `return {
      auth: {
        provider: 'acme',
        methods: [
          { type: 'oauth', label: 'Acme account', authorize: async () => ({
            url: 'https://acme.example/login', instructions: 'Paste the code', method: 'code',
            callback: async (code) => code === 'right'
              ? { type: 'success', refresh: 'r', access: 'a', expires: 42 }
              : { type: 'failed' } }) },
          { type: 'api', label: 'Key' },
        ],
        loader: async (getAuth, provider) => {
          const auth = await getAuth();
          tell('loader.json', { auth, provider: provider.id });
          return { apiKey: 'from-' + auth.access, baseURL: ${JSON.stringify(model.baseURL)} };
        },
      },
    };`;
    const acme = { npm: '@ai-sdk/openai-compatible', models: { large: { name: 'Large' } } };
    const { directory } = await make({ '.opencode/plugin/subject.js': plugin(body) }, { provider: { acme } });
    await using server = await TestServer.start();
    const { body: methods } = await server.request('/provider/auth', { directory });
    expect(methods.acme).toEqual([
      { type: 'oauth', label: 'Acme account' },
      { type: 'api', label: 'Key' },
    ]);
    const at = (path: string, json: object) => server.request(`/provider/acme/oauth/${path}`, { directory, json });
    expect((await at('authorize', { method: 0 })).body).toEqual({
      url: 'https://acme.example/login',
      instructions: 'Paste the code',
      method: 'code',
    });
    expect((await at('callback', { method: 0, code: 'wrong' })).body).not.toBe(true);
    await at('authorize', { method: 0 });
    expect((await at('callback', { method: 0, code: 'right' })).body).toBe(true);
    model.push(reply().text('hello'));
    const { body: session } = await server.request('/session', { directory, json: { title: 'Named' } });
    await server.request(`/session/${session.id}/message`, {
      directory,
      json: { model: { providerID: 'acme', modelID: 'large' }, parts: [{ type: 'text', text: 'hi' }] },
    });
    expect(model.requests.at(-1)!.headers.authorization).toBe('Bearer from-a');
    expect(await told('loader.json')).toEqual({
      auth: { type: 'oauth', refresh: 'r', access: 'a', expires: 42 },
      provider: 'acme',
    });
  });
});
