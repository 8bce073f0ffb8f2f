import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Auth, KEYBIND_DEFAULTS, WireError } from '#libs/contract';
import { MemoryCredentialStore, SystemEnvironment } from '#libs/extension';
import { Instance } from '#libs/instance';
import { ConfigService } from './config.service.js';
import { ProblemService } from './problem.service.js';
import { RemoteConfig } from './remote/remote-config.service.js';

const SCHEMA = 'https://opencode.ai/config.json';
const ALWAYS = { agent: {}, mode: {}, plugin: [], command: {}, username: 'tester', keybinds: KEYBIND_DEFAULTS };

describe('ConfigService', () => {
  let root: string;
  let variables: Record<string, string | undefined>;
  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'config-')));
    variables = { HOME: join(root, 'home'), USER: 'tester', OPENCODE_TEST_MANAGED_CONFIG_DIR: join(root, 'managed') };
    await mkdir(join(root, 'repo', 'sub'), { recursive: true });
  });
  afterEach(() => rm(root, { recursive: true }));

  const service = (credentials: Record<string, Auth> = {}) =>
    new ConfigService(
      new SystemEnvironment(variables, root),
      new ProblemService(),
      new RemoteConfig(new MemoryCredentialStore(credentials)),
    );
  function instance(directory = 'repo/sub', worktree = 'repo'): Instance {
    const project = { id: 'global', worktree: '/', time: { created: 1, updated: 1 }, sandboxes: [] };
    return new Instance(join(root, directory), { worktree: join(root, worktree), project });
  }
  async function put(path: string, content: unknown): Promise<string> {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  }
  const get = (of = instance()) => service().get(of);
  async function failure(of = instance()): Promise<unknown> {
    const error = await get(of).catch((reason: unknown) => reason);
    if (!WireError.is(error)) throw new Error(`No wire error: ${JSON.stringify(error)}`);
    return { status: error.status, ...error.toBody() };
  }

  it('has defaults without any file', async () => {
    variables['OPENCODE_CONFIG'] = 'missing.json';
    variables['OPENCODE_CONFIG_CONTENT'] = '';
    expect(await get()).toEqual(ALWAYS);
    expect(await service().global()).toEqual({});
    variables['USER'] = undefined;
    expect((await get()).username).toBe('unknown');
  });

  it('puts the inline content between project and administrator, and keeps its unknown keys', async () => {
    await put('repo/opencode.json', { theme: 'project', model: 'a/b' });
    await put('managed/opencode.json', { theme: 'managed' });
    variables['OPENCODE_CONFIG_CONTENT'] = JSON.stringify({ theme: 'inline', model: 'c/{env:USER}', future: { x: 1 } });
    expect(await get()).toEqual({
      $schema: SCHEMA,
      ...ALWAYS,
      theme: 'managed',
      model: 'c/{env:USER}',
      future: { x: 1 },
    });
    for (const [text, place] of [
      ['{"a":"hush" bad}', 'InvalidSymbol at character 13'],
      ['{"a":"hush",}', 'PropertyNameExpected at character 13'],
      ['hush', 'InvalidSymbol at character 1'],
      ['{} // hush', 'InvalidCommentToken at character 4'],
    ]) {
      variables['OPENCODE_CONFIG_CONTENT'] = text;
      const message = `The environment variable OPENCODE_CONFIG_CONTENT is no JSON: ${place}`;
      expect(await failure()).toMatchObject({
        name: 'ConfigJsonError',
        data: { path: 'OPENCODE_CONFIG_CONTENT', message },
      });
    }
    variables['OPENCODE_CONFIG_CONTENT'] = '{"provider":5}';
    expect(await failure()).toMatchObject({ name: 'ConfigInvalidError', data: { path: 'OPENCODE_CONFIG_CONTENT' } });
    variables['OPENCODE_CONFIG_CONTENT'] =
      '{"mcp":{"x":{"type":"local","command":["a"],"later":true}},"__proto__":{"theme":"p"}}';
    expect((await get()).mcp).toEqual({ x: { type: 'local', command: ['a'], later: true } });
  });

  it('leaves the project out when told so', async () => {
    variables['OPENCODE_DISABLE_PROJECT_CONFIG'] = 'TRUE';
    await put('repo/opencode.json', 'broken');
    await put('repo/.opencode/opencode.json', 'broken');
    await put('home/.opencode/opencode.json', { theme: 'home' });
    expect((await get()).theme).toBe('home');
    const config = join(root, 'home/.config/opencode');
    expect(await service().directories(instance())).toEqual([config, join(root, 'home/.opencode')]);
  });

  it('lists the folders that exist, innermost first, each once', async () => {
    for (const folder of ['home/.opencode', 'repo/.opencode', 'repo/sub/.opencode'])
      await mkdir(join(root, folder), { recursive: true });
    await put('.opencode', 'a file');
    variables['OPENCODE_CONFIG_DIR'] = join(root, 'home/.opencode');
    const names = ['home/.config/opencode', 'repo/sub/.opencode', 'repo/.opencode', 'home/.opencode'];
    expect(await service().directories(instance('repo/sub', '.'))).toEqual(names.map((name) => join(root, name)));
  });

  it('looks up to the root outside git, and through a link at the parents of the real folder', async () => {
    await put('opencode.json', { theme: 'outer' });
    await put('repo/opencode.json', { model: 'in/repo' });
    const project = { id: 'global', worktree: '/', time: { created: 1, updated: 1 }, sandboxes: [] };
    const outside = new Instance(join(root, 'repo/sub'), { worktree: '/', project });
    expect(await get(outside)).toMatchObject({ theme: 'outer', model: 'in/repo' });
    await mkdir(join(root, 'links'));
    await symlink(join(root, 'repo/sub'), join(root, 'links/sub'));
    await put('links/opencode.json', { theme: 'beside the link' });
    const linked = await get(instance('links/sub', 'repo'));
    expect(linked.model).toBe('in/repo');
    expect(linked.theme).toBeUndefined();
  });

  it('merges objects, replaces the rest, and collects plugins and instructions except among the global files', async () => {
    await put('home/.config/opencode/opencode.json', { instructions: ['lost'], plugin: ['a@1'] });
    await put('home/.config/opencode/opencode.jsonc', { instructions: ['g'] });
    await put('repo/opencode.json', {
      instructions: ['r', 'g'],
      plugin: ['@s/b@1', 'a@2'],
      permission: { bash: 'ask', read: 'allow' },
      disabled_providers: ['x'],
    });
    await put('repo/sub/opencode.json', {
      instructions: ['s'],
      plugin: ['@s/b@2', 'plain'],
      permission: { bash: { ls: 'allow' } },
      disabled_providers: ['y'],
      server: { port: 1 },
    });
    const config = await get();
    expect(config.instructions).toEqual(['g', 'r', 's']);
    expect(config.plugin).toEqual(['a@2', '@s/b@2', 'plain']);
    expect(config.disabled_providers).toEqual(['y']);
    expect(JSON.stringify(config.permission)).toBe('{"bash":{"ls":"allow"},"read":"allow"}');
    expect(await service().global()).toEqual({ $schema: SCHEMA, instructions: ['g'], plugin: ['a@1'] });
  });

  it('reads comments, trailing commas, a byte order mark and an empty file', async () => {
    await put('repo/opencode.json', '\ufeff// comment\n{ /* a */ "theme": "x", "model": "a/b", }');
    await put('repo/sub/opencode.json', '');
    expect(await get()).toMatchObject({ theme: 'x', model: 'a/b', $schema: SCHEMA });
    expect(await readFile(join(root, 'repo/sub/opencode.json'), 'utf8')).toBe('');
  });

  it('replaces variables and files before it parses', async () => {
    variables['PORT'] = '4100';
    await put('home/secret', '  line "one"\nline two\n');
    await put('repo/prompt.md', 'Ask $& twice');
    const source = `{
      // {file:./missing-in-a-comment.txt}
      "server": { "port": {env:PORT} },
      "theme": "{env:UNSET}|{file:~/secret}|{file:${join(root, 'repo/prompt.md')}}",
      "model": "a/{file:./prompt.md}" // {file:./prompt.md}
    }`;
    await put('repo/opencode.jsonc', source);
    const config = await get();
    expect(config.server).toEqual({ port: 4100 });
    expect(config.theme).toBe('|line "one"\nline two|Ask $& twice');
    expect(config.model).toBe('a/Ask $& twice');
  });

  it('names the file that a reference does not find', async () => {
    const path = await put('repo/opencode.json', '{"theme":"{file:./nope.txt}"}');
    const missing = `bad file reference: "{file:./nope.txt}" ${join(root, 'repo/nope.txt')} does not exist`;
    expect(await failure()).toEqual({ status: 500, name: 'ConfigInvalidError', data: { path, message: missing } });
    await put('repo/opencode.json', '{"theme":"{file:./sub}"}');
    expect(await failure()).toMatchObject({
      data: { message: expect.stringContaining('cannot be read (not a file)') },
    });
  });

  it('shows where a file is no JSON', async () => {
    const path = await put('repo/opencode.json', '{ "theme": "x", \n  "model" "y" }');
    const message = [
      ...['', '--- JSONC Input ---', '{ "theme": "x", ', '  "model" "y" }', '--- Errors ---'],
      ...['ColonExpected at line 2, column 11', '   Line 2:   "model" "y" }', `${' '.repeat(20)}^`, '--- End ---'],
    ].join('\n');
    expect(await failure()).toEqual({ status: 500, name: 'ConfigJsonError', data: { path, message } });
    for (const broken of [' ', '{', '[1,', `{"a":${'['.repeat(100_000)}`]) {
      await put('repo/opencode.json', broken);
      expect(await failure()).toMatchObject({ name: 'ConfigJsonError', data: { path } });
    }
    await rm(path);
    await mkdir(path);
    expect(await failure()).toMatchObject({ name: 'ConfigJsonError', data: { path } });
  });

  it('shows the first errors of a file that is something else altogether', async () => {
    for (const foreign of ['x '.repeat(20_000), 'x\n'.repeat(20_000), 'x'.repeat(200_000)]) {
      await put('repo/opencode.json', foreign);
      const { data } = (await failure()) as { data: { message: string } };
      expect(data.message.length).toBeLessThan(60 * foreign.length);
    }
    await put('repo/opencode.json', '? '.repeat(30));
    expect(await failure()).toMatchObject({ data: { message: expect.stringMatching(/… and \d+ more\n--- End ---$/) } });
  });

  it('does not wait for a pipe', async () => {
    const path = join(root, 'repo/opencode.json');
    execFileSync('mkfifo', [path]);
    const message = `${path} cannot be read (not a file)`;
    expect(await failure()).toMatchObject({ name: 'ConfigJsonError', data: { path, message } });
  });

  it('keeps the values of placeholders out of its errors', async () => {
    variables['TOKEN'] = 'se"cret';
    await put('repo/opencode.json', '{\n"theme": "{env:TOKEN}"\n}');
    const { data } = (await failure()) as { data: { message: string } };
    expect(data.message).toContain('"theme": "{env:TOKEN}"');
    expect(data.message).not.toContain('cret');
  });

  it.each([
    ['{"apiKey": "sk-hush" "model": "a/b"}', '{"apiKey": "*******" "model": "a/b"}'],
    [
      '{apiKey: "hush", "clientSecret": hush", "max_tokens": 5',
      '{apiKey: "****", "clientSecret": ****", "max_tokens": 5',
    ],
    [
      '{"headers":{"Authorization":"Bearer \\"hush\\""} "a" // token: hush',
      '{"headers":{"Authorization":"***************"} "a" // token: ****',
    ],
    ['{"token": "{env:TOKEN}", "x-cookie": {"a": "b"}', '{"token": "{env:TOKEN}", "x-cookie": {"a": "b"}'],
  ])('keeps secrets out of what it shows of %s', async (text, shown) => {
    await put('repo/opencode.json', text);
    const { data } = (await failure()) as { data: { message: string } };
    expect(data.message).toContain(`\n--- JSONC Input ---\n${shown}\n`);
    expect(data.message).not.toContain('hush');
  });

  it('reports every wrong value, and the key that was meant', async () => {
    const content = {
      modle: 'a/b',
      zzzzzz: 1,
      share: 'never',
      server: { hostnaem: 'x' },
      provider: { p: { modles: {} } },
    };
    const path = await put('repo/opencode.json', content);
    const { data, ...rest } = (await failure()) as { data: { path: string; issues: object[] } };
    expect(rest).toEqual({ status: 500, name: 'ConfigInvalidError' });
    expect(data.path).toBe(path);
    expect(data.issues).toEqual([
      expect.objectContaining({
        path: ['server'],
        message: 'Unrecognized key: "hostnaem". Did you mean "hostname"?',
      }),
      expect.objectContaining({ code: 'invalid_value', path: ['share'], values: ['manual', 'auto', 'disabled'] }),
      expect.objectContaining({
        path: ['provider', 'p'],
        message: 'Unrecognized key: "modles". Did you mean "models"?',
      }),
      {
        code: 'unrecognized_keys',
        keys: ['modle', 'zzzzzz'],
        path: [],
        message: 'Unrecognized keys: "modle", "zzzzzz". Did you mean "model"?',
        line: 1,
        column: 2,
      },
    ]);
    await put('repo/opencode.json', '[]');
    expect(await failure()).toMatchObject({
      data: { issues: [{ code: 'invalid_type', expected: 'object', path: [] }] },
    });
  });

  it('wants to know which files a language server of its own is for', async () => {
    const lsp = { gopls: { command: ['g'] }, off: { disabled: true }, mine: { command: ['m'] } };
    await put('repo/opencode.json', { lsp });
    const message = 'Language servers that are not built in need "extensions", such as [".xyz"]: mine';
    expect(await failure()).toMatchObject({ data: { issues: [{ code: 'custom', path: ['lsp'], message }] } });
  });

  it('suggests keys inside alternatives too', async () => {
    await put('repo/opencode.json', { mcp: { x: { type: 'remote', url: 'http://x', heeders: {} } } });
    expect(JSON.stringify(await failure())).toContain('Did you mean \\"headers\\"?');
  });

  it('tries again after a failure, and else reads once per instance', async () => {
    const config = service();
    const one = instance();
    await put('repo/opencode.json', '{');
    await expect(config.get(one)).rejects.toThrow('CloseBraceExpected');
    await put('repo/opencode.json', { theme: 'mended' });
    expect((await config.get(one)).theme).toBe('mended');
    await put('repo/opencode.json', { theme: 'later' });
    expect(await config.get(one)).toBe(await config.get(one));
    expect((await config.get(one)).theme).toBe('mended');
    expect((await config.get(instance())).theme).toBe('later');
  });

  it('rejects a broken global file, also alone', async () => {
    const path = await put('home/.config/opencode/opencode.json', { foo: 1, bar: 2 });
    await expect(service().global()).rejects.toMatchObject({ name: 'ConfigInvalidError', data: { path } });
    expect(await failure()).toMatchObject({ data: { path } });
  });

  it('translates deprecated spellings', async () => {
    await put('repo/opencode.json', {
      autoshare: true,
      tools: { write: false, bash: true, patch: false },
      permission: { bash: 'ask' },
      mode: { slow: { prompt: 'p', mode: 'subagent' } },
      agent: {
        slow: { model: 'a/b' },
        fast: { maxSteps: 3, tools: { edit: true, x: false }, permission: 'ask', foo: 1 },
      },
    });
    const config = await get();
    expect(config.share).toBe('auto');
    expect(JSON.stringify(config.permission)).toBe('{"edit":"deny","bash":"ask"}');
    expect(config.agent).toEqual({
      slow: { model: 'a/b', prompt: 'p', mode: 'primary', options: {}, permission: {} },
      fast: {
        ...{ maxSteps: 3, steps: 3, tools: { edit: true, x: false }, foo: 1, options: { foo: 1 } },
        permission: { edit: 'allow', x: 'deny', '*': 'ask' },
      },
    });
    expect(config.mode).toMatchObject({ slow: { mode: 'subagent' } });
  });

  it('obeys variables for permissions and compaction', async () => {
    await put('repo/opencode.json', { permission: 'allow', compaction: { reserved: 5, auto: true } });
    variables['OPENCODE_PERMISSION'] = '{"edit":"ask"}';
    variables['OPENCODE_DISABLE_AUTOCOMPACT'] = '1';
    variables['OPENCODE_DISABLE_PRUNE'] = 'true';
    const config = await get();
    expect(JSON.stringify(config.permission)).toBe('{"*":"allow","edit":"ask"}');
    expect(config.compaction).toEqual({ reserved: 5, auto: false, prune: false });
    variables['OPENCODE_PERMISSION'] = '{"edit":"perhaps"}';
    expect(await failure()).toMatchObject({ name: 'ConfigInvalidError', data: { path: 'OPENCODE_PERMISSION' } });
  });

  it('fills key bindings in after merging, so that no file resets those of another', async () => {
    await put('home/.config/opencode/opencode.json', { keybinds: { leader: 'ctrl+y' } });
    await put('repo/opencode.json', { keybinds: { app_exit: 'ctrl+q' } });
    expect((await get()).keybinds).toEqual({ ...KEYBIND_DEFAULTS, leader: 'ctrl+y', app_exit: 'ctrl+q' });
  });

  it('turns paths of plugins that exist into URLs, the last of a name wins', async () => {
    const plugin = await put('repo/plugins/my.plugin.ts', '');
    const other = await put('repo/sub/my.plugin.js', '');
    await put('repo/opencode.json', { plugin: ['./plugins/my.plugin.ts', './gone.ts', 'pkg'] });
    expect((await get()).plugin).toEqual([pathToFileURL(plugin).href, './gone.ts', 'pkg']);
    await put('repo/sub/opencode.json', { plugin: ['./my.plugin.js'] });
    expect((await get()).plugin).toEqual(['./gone.ts', 'pkg', pathToFileURL(other).href]);
  });
});
