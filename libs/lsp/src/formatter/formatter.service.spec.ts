import { LspWorld } from '../testing/lsp-world.fixture.js';
import { FormatterService } from './formatter.service.js';

let world: LspWorld;
afterEach(() => world.close());

const formatters = () => world.module.get(FormatterService);
const forever = new AbortController().signal;
const format = (path: string, signal = forever) => formatters().format(world.instance, path, signal);
const enabled = async () =>
  (await formatters().list(world.instance)).flatMap((formatter) => (formatter.enabled ? formatter.name : []));
const APPEND = 'printf "%s" "$TAIL" >> "$1"';
const append = (tail: string, extensions = ['.x']) => ({
  command: ['sh', '-c', APPEND, 'sh', '$FILE'],
  environment: { TAIL: tail },
  extensions,
});
const script = (text: string) => `#!/bin/sh\n${text}\n`;

describe('formatters', () => {
  it('are listed in their order', async () => {
    world = await LspWorld.create(() => ({ formatter: { mine: append('1'), gofmt: { disabled: true } } }), {
      PATH: '',
    });
    const list = await formatters().list(world.instance);
    expect(list.map(({ name }) => name)).toEqual(
      `zig uv terraform standardrb shfmt rustfmt ruff rubocop air prettier pint oxfmt ormolu ocamlformat nixfmt mix
       latexindent ktlint htmlbeautifier gleam dfmt dart cljfmt clang-format biome mine`.split(/\s+/),
    );
    expect(list.at(-1)).toEqual({ name: 'mine', extensions: ['.x'], enabled: true });
    expect(await enabled()).toEqual(['mine']);
  });

  it('can be switched off', async () => {
    world = await LspWorld.create(() => ({ formatter: false }));
    expect(await formatters().list(world.instance)).toEqual([]);
    expect(await format(await world.write('a.ts', ''))).toEqual([]);
  });

  it('run one after the other on files of their extension', async () => {
    world = await LspWorld.create(() => ({
      formatter: { one: append('1'), two: append('2'), other: append('3', ['.y']) },
    }));
    expect(await format(await world.write('a b.x', 'text'))).toEqual([]);
    expect(await world.read('a b.x')).toBe('text12');
  });

  it('keep what an entry of the configuration leaves out', async () => {
    world = await LspWorld.create(() => ({
      formatter: {
        shfmt: { command: append('!').command, environment: { TAIL: '!' } },
        gofmt: { extensions: ['.x'] },
        nothing: { extensions: ['.z'] },
      },
    }));
    const list = await formatters().list(world.instance);
    expect(list.find(({ name }) => name === 'shfmt')).toEqual({
      name: 'shfmt',
      extensions: ['.sh', '.bash'],
      enabled: true,
    });
    expect(list.find(({ name }) => name === 'gofmt')?.extensions).toEqual(['.x']);
    expect(list.map(({ name }) => name)).not.toContain('nothing');
    await format(await world.write('a.sh', 'text'));
    expect(await world.read('a.sh')).toBe('text!');
  });

  it('that fail are told, and the others still run', async () => {
    world = await LspWorld.create(() => ({
      formatter: {
        angry: { command: ['sh', '-c', 'echo no >&2; exit 2'], extensions: ['.x'] },
        silent: { command: ['sh', '-c', 'exit 3'], extensions: ['.x'] },
        missing: { command: ['no-such-formatter', '$FILE'], extensions: ['.x'] },
        good: append('1'),
      },
    }));
    expect(await format(await world.write('a.x', ''))).toEqual([
      { name: 'angry', error: 'no' },
      { name: 'silent', error: 'it ended with code 3' },
      { name: 'missing', error: 'no-such-formatter was found neither in the project nor in PATH: install it' },
    ]);
    expect(await world.read('a.x')).toBe('1');
  });

  it('end when the call is aborted', async () => {
    world = await LspWorld.create(() => ({
      formatter: { slow: { command: ['sh', '-c', 'echo $$ > pid; sleep 60'], extensions: ['.x'] } },
    }));
    const controller = new AbortController();
    const file = await world.write('a.x', '');
    const failure = expect(format(file, controller.signal)).rejects.toThrow('enough');
    let pid = '';
    for (let i = 0; i < 250 && pid === ''; i++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      pid = (await world.read('pid').catch(() => '')).trim();
    }
    controller.abort(new Error('enough'));
    await failure;
    expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH');
  });

  it.each([
    ['prettier', { 'package.json': '{ "devDependencies": { "prettier": "3" } }' }],
    ['pint', { 'composer.json': '{ "require-dev": { "laravel/pint": "1" } }' }],
    ['biome', { 'biome.jsonc': '' }],
    ['clang-format', { '.clang-format': '' }],
    ['gofmt', { 'bin/gofmt': script('') }],
    ['ocamlformat', { 'bin/ocamlformat': script(''), '.ocamlformat': '' }],
    ['ruff', { 'bin/ruff': script(''), 'pyproject.toml': '[tool.ruff]' }],
    ['ruff', { 'bin/ruff': script(''), 'bin/uv': script('exit 0'), 'requirements.txt': 'ruff==1' }],
    ['uv', { 'bin/uv': script('exit 0') }],
    ['air', { 'bin/air': script('echo "air: an R formatter"') }],
    ['oxfmt', { 'package.json': '{ "dependencies": { "oxfmt": "1" } }' }],
  ])('are found in a project: %s', async (name, files) => {
    world = await LspWorld.create(undefined, { PATH: '', OPENCODE_EXPERIMENTAL_OXFMT: '1' });
    for (const [path, text] of Object.entries(files)) await world.write(path, text, 0o755);
    world.variables['PATH'] = world.path('bin');
    expect(await enabled()).toEqual([name]);
  });

  it.each([
    { 'bin/air': script('echo "air: something else"') },
    { 'bin/ocamlformat': script('') },
    { 'bin/ruff': script('') },
    { 'bin/uv': script('exit 2') },
    { 'package.json': 'half a fi' },
  ])('are not found without what they need: %j', async (files) => {
    world = await LspWorld.create(undefined, { PATH: '' });
    for (const [path, text] of Object.entries(files)) await world.write(path, text, 0o755);
    world.variables['PATH'] = world.path('bin');
    expect(await enabled()).toEqual([]);
  });
});
