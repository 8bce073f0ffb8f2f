import { mkdir, utimes } from 'node:fs/promises';
import { InstanceStore } from '#libs/instance';
import { LspWorld } from '../testing/lsp-world.fixture.js';
import { BUILT_IN_FORMATTERS } from './built-in-formatters.js';
import { FormatterService } from './formatter.service.js';

/** Files of a project, by path. */
type Files = Record<string, string>;

interface Row {
  name: string;
  /** The command as it is run. */
  runs: string;
  /** Extensions, separated by blanks. */
  on: string;
  /** Files that make the project want it. */
  with: Files[];
  /** Files that do not. */
  without: Files[];
}

const RECORD = '#!/bin/sh\necho "${0##*/} $* in $PWD" >> "$RECORD"\n';
const program = (name: string, text = RECORD): Files => ({ [`bin/${name}`]: text });
const local = (folder: string, name: string): Files => ({ [`${folder}/${name}`]: RECORD });
const SCRIPTS = '.js .jsx .mjs .cjs .ts .tsx .mts .cts';
const WEB = `${SCRIPTS} .html .htm .css .scss .sass .less .vue .svelte .json .jsonc .yaml .yml .toml .xml .md .mdx .graphql .gql`;
const RUBY = '.rb .rake .gemspec .ru';
const PYTHON = '.py .pyi';

/** One that runs wherever its program is. */
function plain(runs: string, on: string): Row {
  const [name = ''] = runs.split(' ');
  return { name, runs, on, with: [program(name), local('node_modules/.bin', name)], without: [{}, local('src', name)] };
}

const ruff = (files: Files) => ({ ...program('ruff'), ...files });
const ROWS: Row[] = [
  plain('zig fmt $FILE', '.zig .zon'),
  {
    name: 'uv',
    runs: 'uv format -- $FILE',
    on: PYTHON,
    with: [program('uv'), { ...program('uv'), 'ruff.toml': '' }, { ...program('uv'), ...program('ruff') }],
    without: [{}, program('uv', '#!/bin/sh\n[ "$1" != format ]\n')],
  },
  plain('terraform fmt $FILE', '.tf .tfvars'),
  plain('standardrb --fix $FILE', RUBY),
  plain('shfmt -w $FILE', '.sh .bash'),
  plain('rustfmt $FILE', '.rs'),
  {
    name: 'ruff',
    runs: 'ruff format $FILE',
    on: PYTHON,
    with: [
      ruff({ 'ruff.toml': '' }),
      ruff({ '.ruff.toml': '' }),
      ruff({ 'pyproject.toml': '[tool.ruff]\n' }),
      ruff({ 'pyproject.toml': '[dependency-groups]\ndev = ["ruff>=0.1"]\n', ...program('uv') }),
      ruff({ 'requirements.txt': 'ruff==1\n' }),
      ruff({ Pipfile: '[dev-packages]\nruff = "*"\n' }),
      { ...local('.venv/bin', 'ruff'), 'ruff.toml': '' },
      { ...local('venv/bin', 'ruff'), 'ruff.toml': '' },
    ],
    without: [ruff({}), { 'ruff.toml': '' }, ruff({ 'requirements.txt': 'truffle==1\n' })],
  },
  plain('rubocop --autocorrect $FILE', RUBY),
  {
    name: 'air',
    runs: 'air format $FILE',
    on: '.R',
    with: [program('air', `${RECORD}echo "Air: An R language server and formatter"\n`)],
    without: [{}, program('air', '#!/bin/sh\necho "Live reload"\n'), program('air', '#!/bin/sh\nexit 1\n')],
  },
  {
    name: 'prettier',
    runs: 'prettier --write --ignore-unknown $FILE',
    on: WEB,
    with: ['dependencies', 'devDependencies'].map((list) => ({
      'package.json': `{ "${list}": { "prettier": "3" } }`,
      ...local('node_modules/.bin', 'prettier'),
    })),
    without: [
      program('prettier'),
      { 'package.json': '{ "prettier": {} }' },
      { 'package.json': '{ "dependencies": { "prettier-plugin-x": "1" } }' },
      { 'package.json': '{ "dependencies": { "prettier": ' },
      { 'package.json': '[]', 'composer.json': 'null' },
    ],
  },
  {
    name: 'pint',
    runs: 'pint $FILE',
    on: '.php',
    with: ['require', 'require-dev'].map((list) => ({
      'composer.json': `{ "${list}": { "laravel/pint": "1" } }`,
      ...local('vendor/bin', 'pint'),
    })),
    without: [local('vendor/bin', 'pint'), { 'composer.json': '{ "require": {} }' }],
  },
  {
    name: 'oxfmt',
    runs: 'oxfmt $FILE',
    on: SCRIPTS,
    with: [{ 'package.json': '{ "dependencies": { "oxfmt": "1" } }', ...local('node_modules/.bin', 'oxfmt') }],
    without: [program('oxfmt')],
  },
  plain('ormolu -i $FILE', '.hs'),
  {
    name: 'ocamlformat',
    runs: 'ocamlformat -i $FILE',
    on: '.ml .mli',
    with: [{ ...program('ocamlformat'), '.ocamlformat': '' }],
    without: [program('ocamlformat'), { '.ocamlformat': '' }],
  },
  plain('nixfmt $FILE', '.nix'),
  plain('mix format $FILE', '.ex .exs .eex .heex .leex .neex .sface'),
  plain('latexindent -w -s $FILE', '.tex'),
  plain('ktlint -F $FILE', '.kt .kts'),
  plain('htmlbeautifier $FILE', '.erb .html.erb'),
  plain('gofmt -w $FILE', '.go'),
  plain('gleam format $FILE', '.gleam'),
  plain('dfmt -i $FILE', '.d'),
  plain('dart format $FILE', '.dart'),
  plain('cljfmt fix --quiet $FILE', '.clj .cljs .cljc .edn'),
  {
    name: 'clang-format',
    runs: 'clang-format -i $FILE',
    on: '.c .cc .cpp .cxx .c++ .h .hh .hpp .hxx .h++ .ino .C .H',
    with: [{ ...program('clang-format'), '.clang-format': '' }],
    without: [program('clang-format')],
  },
  {
    name: 'biome',
    runs: 'biome check --write --no-errors-on-unmatched $FILE',
    on: WEB,
    with: ['biome.json', 'biome.jsonc'].map((file) => ({ [file]: '{}', ...local('node_modules/.bin', 'biome') })),
    without: [program('biome'), { 'package.json': '{ "devDependencies": { "@biomejs/biome": "2" } }' }],
  },
];

let world: LspWorld;
let projects = 0;
beforeAll(async () => {
  world = await LspWorld.create(() => ({}), { OPENCODE_EXPERIMENTAL_OXFMT: '1' });
});
afterAll(() => world.close());

/** A project with some files, seen from a folder of it. */
async function project(files: Files) {
  const root = `${projects++}`;
  const directory = world.path(`${root}/packages/one`);
  const write = (path: string, text: string) => world.write(`${root}/${path}`, text, 0o755);
  await mkdir(directory, { recursive: true });
  for (const [path, text] of Object.entries(files)) await write(path, text);
  Object.assign(world.variables, { PATH: world.path(`${root}/bin`), RECORD: world.path(`${root}/record`) });
  const { instance } = await world.module.get(InstanceStore).acquire(directory);
  const formatters = world.module.get(FormatterService);
  return {
    directory,
    write,
    format: (path: string) => formatters.format(instance, path, instance.signal),
    listed: async () => (await formatters.list(instance)).filter(({ enabled }) => enabled),
    /** What ran, but for questions. */
    ran: async () => {
      const lines = (await world.read(`${root}/record`)).trim().split('\n');
      return lines.filter((line) => !line.includes('--help'));
    },
  };
}

const names = (list: { name: string }[]) => list.map(({ name }) => name);

describe('built-in formatters', () => {
  it('are these, in this order', () => {
    expect(names([...BUILT_IN_FORMATTERS])).toEqual(names(ROWS));
  });

  describe.each(ROWS)('$name', ({ name, runs, on, with: enabling, without }) => {
    it.each(enabling)('is for a project with %j', async (files) => {
      const { listed } = await project(files);
      expect(await listed()).toEqual([{ name, extensions: on.split(' '), enabled: true }]);
    });

    it.each(without)('is not for a project with %j', async (files) => {
      const { listed } = await project(files);
      expect(names(await listed())).not.toContain(name);
    });

    it(`runs ${runs}`, async () => {
      const { directory, write, format, ran } = await project(enabling[0]!);
      const paths: string[] = [];
      for (const extension of on.split(' ')) paths.push(await write(`src/a b/'q'$1é${extension}`, 'text'));
      for (const path of paths) expect(await format(path)).toEqual([]);
      expect(await format(await write(`src/file${on.split(' ')[0]}~`, ''))).toEqual([]);
      expect(await ran()).toEqual(paths.map((path) => `${runs.replace('$FILE', () => path)} in ${directory}`));
    });
  });

  it('of experiments need their variable', async () => {
    const { listed } = await project({ 'package.json': '{ "dependencies": { "oxfmt": "1" } }' });
    const enabledBy = async (variable: string, value?: string) => {
      world.variables['OPENCODE_EXPERIMENTAL_OXFMT'] = '0';
      Object.assign(world.variables, { [variable]: value });
      return names(await listed());
    };
    expect(await enabledBy('OPENCODE_EXPERIMENTAL', '0')).toEqual([]);
    expect(await enabledBy('OPENCODE_EXPERIMENTAL', '1')).toEqual(['oxfmt']);
    expect(await enabledBy('OPENCODE_EXPERIMENTAL', '0')).toEqual([]);
    expect(await enabledBy('OPENCODE_EXPERIMENTAL_OXFMT', '1')).toEqual(['oxfmt']);
  });

  it.each([
    [{ 'Cargo.toml': '[workspace.package]\nedition = "2021"\n', 'src/Cargo.toml': 'edition.workspace = true' }, '2021'],
    [{ 'Cargo.toml': '[package]\nedition = "2021"\n', 'src/Cargo.toml': 'edition="2024"' }, '2024'],
  ])('know the edition of Rust: %j', async (files, edition) => {
    const { directory, write, format, ran } = await project({ ...program('rustfmt'), ...files });
    const path = await write('src/a.rs', '');
    await format(path);
    expect(await ran()).toEqual([`rustfmt --edition ${edition} ${path} in ${directory}`]);
  });

  it('are judged anew when the project changes', async () => {
    const { directory, listed, write, format, ran } = await project(program('uv'));
    expect(names(await listed())).toEqual(['uv']);
    const path = await write('a.md', '');
    expect(await format(path)).toEqual([]);
    await write('package.json', '{ "devDependencies": { "prettier": "3" } }');
    await write('node_modules/.bin/prettier', RECORD);
    await write('bin/ruff', RECORD);
    await write('ruff.toml', '');
    expect(names(await listed())).toEqual(['ruff', 'prettier']);
    await format(path);
    expect(await ran()).toEqual([`prettier --write --ignore-unknown ${path} in ${directory}`]);
  });

  it('ask a program once, until it changes', async () => {
    const counting = (exit: number) => `#!/bin/sh\necho asked >> "$RECORD"\nexit ${exit}\n`;
    const { listed, write, ran } = await project(program('uv', counting(1)));
    for (let i = 0; i < 3; i++) expect(names(await listed())).toEqual([]);
    expect(await ran()).toEqual(['asked']);
    const time = new Date(0);
    await utimes(await write('bin/uv', counting(0)), time, time);
    for (let i = 0; i < 3; i++) expect(names(await listed())).toEqual(['uv']);
    expect(await ran()).toEqual(['asked', 'asked']);
  });
});
