import { existsSync } from 'node:fs';
import { chmod, readFile, symlink } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { plain, reply, ScriptedModel, TemporaryProject, TestServer } from '../../../src/testing.js';
import { until } from '../../helpers/until.js';

/** A server with some variables, and a project in it. */
interface Scene {
  server: TestServer;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads whatever it expects
  get(path: string): Promise<any>;
  /** Lets the model call a tool; resolves to the state of the call. */
  call(tool: string, args: object): Promise<{ status: string; output?: string }>;
  /** Whether something comes true; waited for where it should, and for some milliseconds where it should not. */
  happens(condition: () => boolean | Promise<boolean>, milliseconds?: number): Promise<boolean>;
}

interface Row {
  value: string;
  /** Of the server that it is compared with; absent there by default. */
  before?: string;
  /** Set for both servers. */
  also?: Record<string, string>;
  see: (scene: Scene) => Promise<unknown>;
  without: unknown;
  with: unknown;
}

const SKILL = (name: string) => `---\nname: ${name}\ndescription: d\n---\n`;
const LOGGING = (name: string, log: string) => `#!/bin/sh\necho ${name} >> ${log}\nexit 1\n`;

describe('a variable of the environment', () => {
  let model: ScriptedModel;
  let project: TemporaryProject;
  let home: TemporaryProject;
  let things: TemporaryProject;
  let catalogue: Server;
  /** Without any of them. */
  let usual: TestServer;
  const asked: string[] = [];

  beforeAll(async () => {
    model = await ScriptedModel.start();
    project = await TemporaryProject.create({
      model,
      git: true,
      config: { theme: 'project' },
      files: {
        'a.sh': '',
        'a.py': '',
        'unread.txt': 'old',
        'favicon.svg': '<svg/>',
        'package.json': '{"devDependencies":{"oxfmt":"1"}}',
      },
    });
    home = await TemporaryProject.create({
      files: {
        '.claude/skills/c/SKILL.md': SKILL('of-claude'),
        '.agents/skills/a/SKILL.md': SKILL('of-agents'),
        '.claude/CLAUDE.md': 'Remember the moon.',
      },
    });
    const tiny = {
      id: 'tiny',
      name: 'Tiny',
      env: ['TINY_KEY'],
      npm: '@ai-sdk/openai-compatible',
      api: 'http://127.0.0.1:1',
    };
    const limit = { context: 1000, output: 100 };
    const models = { one: { id: 'one', name: 'One', limit }, two: { id: 'two', name: 'Two', limit, status: 'alpha' } };
    const layout = '{"layout":"stretch"}';
    things = await TemporaryProject.create({
      files: {
        'named.json': layout,
        'dir/opencode.json': layout,
        'models.json': JSON.stringify({ tiny: { ...tiny, models } }),
      },
    });
    for (const name of ['npm', 'ty', 'pyright-langserver']) {
      await things.write(`bin/${name}`, LOGGING(name, things.path('log')));
      await chmod(things.path('bin', name), 0o755);
    }
    await symlink('/bin/sh', things.path('bin/own-shell'));
    catalogue = createServer(({ url, headers }, response) => {
      asked.push(`${url} ${headers['user-agent']}`);
      response.end('{}');
    }).listen(0, '127.0.0.1');
    usual = await start({});
  });
  afterEach(() => model.clear());
  afterAll(async () => {
    catalogue.close();
    await usual.close();
    await model.close();
    for (const each of [project, home, things]) await each.remove();
  });

  const thing = (name: string) => `THINGS/${name}`;
  const fetched = (path = '') => ({ OPENCODE_DISABLE_MODELS_FETCH: '0', OPENCODE_MODELS_URL: `CATALOGUE${path}` });
  const programs = { PATH: `THINGS/bin:${process.env['PATH']}` };

  const config = (key: string) => async (scene: Scene) => (await scene.get('/config'))[key];
  const path = (key: string) => async (scene: Scene) => (await scene.get('/path'))[key];
  const ids =
    (...wanted: string[]) =>
    async (scene: Scene) => {
      const all: string[] = await scene.get('/experimental/tool/ids');
      return wanted.filter((id) => all.includes(id));
    };
  const searches = async (scene: Scene) => {
    const tools: { id: string }[] = await scene.get('/experimental/tool?provider=scripted&model=test');
    return tools.some(({ id }) => id === 'websearch');
  };
  const skills = async (scene: Scene) => (await scene.get('/skill')).map(({ name }: { name: string }) => name).sort();
  const output = (command: string) => async (scene: Scene) =>
    (await scene.call('bash', { command, description: 'd' })).output?.trim();
  const lastRequest = async (scene: Scene) => {
    await scene.call('glob', { pattern: 'none' });
    return model.requests.at(-1)!.body;
  };
  const remembers = async (scene: Scene) =>
    (await lastRequest(scene)).messages.some(({ content }) => plain(content).includes('Remember the moon.'));
  const oxfmt = async (scene: Scene) =>
    (await scene.get('/formatter')).find(({ name }: { name: string }) => name === 'oxfmt').enabled;
  const icon = async (scene: Scene) =>
    scene.happens(async () => (await scene.get('/project/current')).icon?.url !== undefined);
  const log = () => readFile(things.path('log'), 'utf8').catch(() => '');
  const started = (file: string) => async (scene: Scene) => {
    await things.write('log', '');
    await scene.call('read', { filePath: project.path(file) });
    await scene.happens(async () => (await log()) !== '');
    return [...new Set((await log()).split('\n'))].join('');
  };
  const request = async (scene: Scene) => {
    await scene.get('/provider');
    // a server asks a second after its start
    await scene.happens(() => asked.length > 0, 1_500);
    return asked[0];
  };
  const stored = (name: string, make: (scene: Scene) => Promise<unknown>) => async (scene: Scene) => {
    await make(scene);
    return scene.happens(() => existsSync(things.path('xdg/opencode', name)));
  };
  const watched = async (scene: Scene) => {
    const events = await scene.server.events({ directory: project.directory });
    let times = 0;
    return scene.happens(async () => {
      await project.write('watched.txt', String(times++));
      return events.all('file.watcher.updated').length > 0;
    });
  };
  const share = async ({ server }: Scene) => {
    const { directory } = project;
    const { body } = await server.request('/session', { directory, json: { title: 'Named' } });
    return (await server.request(`/session/${body.id}/share`, { directory, method: 'POST' })).status;
  };
  const shared = async ({ server, get, happens }: Scene) => {
    const { body } = await server.request('/session', { directory: project.directory, json: { title: 'Named' } });
    return happens(async () => (await get(`/session/${body.id}`)).share !== undefined);
  };

  const rows: [variable: string, row: Row][] = [
    ['OPENCODE_CONFIG', { value: thing('named.json'), see: config('layout'), without: undefined, with: 'stretch' }],
    [
      'OPENCODE_CONFIG_CONTENT',
      { value: '{"layout":"auto"}', see: config('layout'), without: undefined, with: 'auto' },
    ],
    ['OPENCODE_CONFIG_DIR', { value: thing('dir'), see: config('layout'), without: undefined, with: 'stretch' }],
    [
      'OPENCODE_TEST_MANAGED_CONFIG_DIR',
      { value: thing('dir'), see: config('layout'), without: undefined, with: 'stretch' },
    ],
    ['OPENCODE_DISABLE_PROJECT_CONFIG', { value: '1', see: config('theme'), without: 'project', with: undefined }],
    [
      'OPENCODE_PERMISSION',
      { value: '{"bash":"ask"}', see: config('permission'), without: undefined, with: { bash: 'ask' } },
    ],
    [
      'OPENCODE_DISABLE_AUTOCOMPACT',
      { value: 'TRUE', see: config('compaction'), without: undefined, with: { auto: false } },
    ],
    ['OPENCODE_DISABLE_PRUNE', { value: '1', see: config('compaction'), without: undefined, with: { prune: false } }],
    ['USER', { value: 'ada', see: config('username'), without: 'unknown', with: 'ada' }],
    ['HOME', { before: '/a', value: '/b', see: path('home'), without: '/a', with: '/b' }],
    ['OPENCODE_TEST_HOME', { also: { HOME: '/a' }, value: '/b', see: path('home'), without: '/a', with: '/b' }],
    [
      'XDG_CONFIG_HOME',
      { before: '/a', value: '/b', see: path('config'), without: '/a/opencode', with: '/b/opencode' },
    ],
    ['XDG_STATE_HOME', { before: '/a', value: '/b', see: path('state'), without: '/a/opencode', with: '/b/opencode' }],
    [
      'XDG_DATA_HOME',
      {
        value: thing('xdg'),
        see: stored('auth.json', ({ server }) =>
          server.request('/auth/nobody', { method: 'PUT', json: { type: 'api', key: 'k' } }),
        ),
        without: false,
        with: true,
      },
    ],
    [
      'XDG_CACHE_HOME',
      { also: fetched(), value: thing('xdg'), see: stored('models.json', request), without: false, with: true },
    ],
    ['OPENCODE_CLIENT', { value: 'acp', see: ids('question'), without: ['question'], with: [] }],
    [
      'OPENCODE_CLIENT',
      {
        value: 'acp',
        see: async (scene) => {
          await scene.call('glob', { pattern: 'none' });
          const [session] = await scene.get('/session');
          return scene.happens(async () => {
            const messages: { parts: { type: string; snapshot?: string }[] }[] = await scene.get(
              `/session/${session.id}/message`,
            );
            const steps = messages.flatMap(({ parts }) => parts.filter(({ type }) => type === 'step-start'));
            return steps.some(({ snapshot }) => snapshot !== undefined);
          });
        },
        without: true,
        with: false,
      },
    ],
    [
      'OPENCODE_CLIENT',
      {
        also: fetched(),
        value: 'desktop',
        see: request,
        without: '/api.json opencode/latest/1.2.6/cli',
        with: '/api.json opencode/latest/1.2.6/desktop',
      },
    ],
    [
      'OPENCODE_MODELS_URL',
      {
        also: fetched(),
        before: 'CATALOGUE/a',
        value: 'CATALOGUE/b',
        see: request,
        without: expect.stringMatching(/^\/a\/api\.json/),
        with: expect.stringMatching(/^\/b\/api\.json/),
      },
    ],
    [
      'OPENCODE_DISABLE_MODELS_FETCH',
      { also: fetched(), before: '0', value: '1', see: request, without: expect.any(String), with: undefined },
    ],
    [
      'OPENCODE_MODELS_PATH',
      {
        value: thing('models.json'),
        see: async (scene) => (await scene.get('/provider')).all.some(({ id }: { id: string }) => id === 'tiny'),
        without: false,
        with: true,
      },
    ],
    [
      'OPENCODE_ENABLE_EXPERIMENTAL_MODELS',
      {
        also: { OPENCODE_MODELS_PATH: thing('models.json'), TINY_KEY: 'k' },
        value: '1',
        see: async (scene) =>
          Object.keys(
            (await scene.get('/config/providers')).providers.find(({ id }: { id: string }) => id === 'tiny').models,
          ),
        without: ['one'],
        with: ['one', 'two'],
      },
    ],
    [
      'OPENCODE_GITLAB_AUTH_CLIENT_ID',
      {
        value: 'app',
        see: async (scene) => (await scene.get('/provider/auth')).gitlab.map(({ type }: { type: string }) => type),
        without: ['api'],
        with: ['oauth', 'api'],
      },
    ],
    [
      'OPENCODE_DISABLE_LSP_DOWNLOAD',
      { also: programs, before: '0', value: '1', see: started('a.sh'), without: 'npm', with: '' },
    ],
    [
      'OPENCODE_EXPERIMENTAL_LSP_TY',
      { also: programs, value: '1', see: started('a.py'), without: 'pyright-langserver', with: 'ty' },
    ],
    ...['OPENCODE_DISABLE_EXTERNAL_SKILLS', 'OPENCODE_DISABLE_CLAUDE_CODE', 'OPENCODE_DISABLE_CLAUDE_CODE_SKILLS'].map(
      (name): [string, Row] => [name, { value: '1', see: skills, without: ['of-agents', 'of-claude'], with: [] }],
    ),
    ...['OPENCODE_DISABLE_CLAUDE_CODE', 'OPENCODE_DISABLE_CLAUDE_CODE_PROMPT'].map((name): [string, Row] => [
      name,
      { value: '1', see: remembers, without: true, with: false },
    ]),
    [
      'OPENCODE_DISABLE_FILETIME_CHECK',
      {
        value: '1',
        see: async (scene) =>
          (await scene.call('edit', { filePath: project.path('unread.txt'), oldString: 'old', newString: 'new' }))
            .status,
        without: 'error',
        with: 'completed',
      },
    ],
    ['OPENCODE_DISABLE_SHARE', { value: '1', see: share, without: 200, with: 400 }],
    ['OPENCODE_AUTO_SHARE', { value: '1', see: shared, without: false, with: true }],
    ...['OPENCODE_ENABLE_EXA', 'OPENCODE_EXPERIMENTAL_EXA', 'OPENCODE_EXPERIMENTAL'].map((name): [string, Row] => [
      name,
      { value: '1', see: searches, without: false, with: true },
    ]),
    ['OPENCODE_EXPERIMENTAL_LSP_TOOL', { value: '1', see: ids('lsp'), without: [], with: ['lsp'] }],
    [
      'OPENCODE_EXPERIMENTAL_PLAN_MODE',
      { value: '1', see: ids('plan_enter', 'plan_exit'), without: [], with: ['plan_enter', 'plan_exit'] },
    ],
    ['OPENCODE_EXPERIMENTAL', { value: '1', see: ids('lsp', 'plan_exit'), without: [], with: ['lsp', 'plan_exit'] }],
    ...['OPENCODE_EXPERIMENTAL_OXFMT', 'OPENCODE_EXPERIMENTAL'].map((name): [string, Row] => [
      name,
      { value: '1', see: oxfmt, without: false, with: true },
    ]),
    ...['OPENCODE_EXPERIMENTAL_ICON_DISCOVERY', 'OPENCODE_EXPERIMENTAL'].map((name): [string, Row] => [
      name,
      { value: '1', see: icon, without: false, with: true },
    ]),
    ['OPENCODE_EXPERIMENTAL_FILEWATCHER', { value: '1', see: watched, without: false, with: true }],
    [
      'OPENCODE_EXPERIMENTAL_DISABLE_FILEWATCHER',
      { also: { OPENCODE_EXPERIMENTAL_FILEWATCHER: '1' }, value: '1', see: watched, without: true, with: false },
    ],
    [
      'OPENCODE_EXPERIMENTAL_BASH_DEFAULT_TIMEOUT_MS',
      {
        value: '100',
        see: output('sleep 0.5; echo done'),
        without: 'done',
        with: expect.stringContaining('100 ms'),
      },
    ],
    [
      'OPENCODE_EXPERIMENTAL_OUTPUT_TOKEN_MAX',
      { value: '100', see: async (scene) => (await lastRequest(scene))['max_tokens'], without: 8192, with: 100 },
    ],
    [
      'OPENCODE_FAKE_VCS',
      {
        also: { PATH: '/nowhere' },
        value: 'git',
        see: async (scene) => (await scene.get('/project/current')).vcs,
        without: undefined,
        with: 'git',
      },
    ],
    [
      'SHELL',
      { value: thing('bin/own-shell'), see: output('echo $0'), without: '/bin/sh', with: thing('bin/own-shell') },
    ],
    [
      'OPENCODE_GIT_BASH_PATH',
      {
        also: { SHELL: '' },
        value: thing('bin/own-shell'),
        see: output('echo $0'),
        without: expect.stringMatching(/bash$/),
        with: thing('bin/own-shell'),
      },
    ],
  ];

  /** Places are known when the tests run. */
  const placed = <T>(value: T): T =>
    (typeof value === 'string'
      ? value
          .replace('THINGS', things.directory)
          .replace('CATALOGUE', `http://127.0.0.1:${(catalogue.address() as AddressInfo).port}`)
      : value) as T;

  const start = (variables: Record<string, string>) => {
    asked.length = 0;
    return TestServer.start({
      home: home.directory,
      variables: Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, placed(value)])),
      refreshCatalogue: true,
      shareService: { share: async () => ({ url: 'https://share.example/1' }), unshare: async () => undefined },
    });
  };

  async function seen({ see }: Row, server: TestServer, expected: unknown): Promise<unknown> {
    const { directory } = project;
    const get = async (at: string) => (await server.request(at, { directory })).body;
    return see({
      server,
      get,
      call: async (tool, args) => {
        model.push(reply().tool(tool, args), reply().text('Done.'));
        const { body } = await server.request('/session', { directory, json: { title: 'Named' } });
        const json = { parts: [{ type: 'text', text: 'Go' }] };
        await server.request(`/session/${body.id}/message`, { directory, json });
        const messages: { parts: { type: string; state: { status: string } }[] }[] = await get(
          `/session/${body.id}/message`,
        );
        return messages.flatMap(({ parts }) => parts).find(({ type }) => type === 'tool')!.state;
      },
      happens: async (condition, milliseconds = 200) => {
        const waiting = until(condition, 'it comes true', expected ? undefined : milliseconds);
        await (expected ? waiting : waiting.catch(() => undefined));
        return condition();
      },
    });
  }

  it.each(rows)('has its effect: %s', async (variable, row) => {
    const { value, before, also } = row;
    const without = { ...also, ...(before !== undefined && { [variable]: before }) };
    if (Object.keys(without).length === 0) expect(await seen(row, usual, row.without)).toEqual(row.without);
    else {
      await using server = await start(without);
      expect(await seen(row, server, row.without)).toEqual(row.without);
    }
    await using server = await start({ ...also, [variable]: value });
    expect(await seen(row, server, row.with)).toEqual(placed(row.with));
  });
});
