import type { FormatterDefinition } from './formatter-definition.js';
import type { FormatterProbe } from './formatter-probe.js';

const SCRIPTS = ['.js', '.jsx', '.mjs', '.cjs', '.ts', '.tsx', '.mts', '.cts'];
const WEB = [
  ...SCRIPTS,
  ...['.html', '.htm', '.css', '.scss', '.sass', '.less', '.vue', '.svelte', '.json', '.jsonc', '.yaml', '.yml'],
  ...['.toml', '.xml', '.md', '.mdx', '.graphql', '.gql'],
];
const RUBY = ['.rb', '.rake', '.gemspec', '.ru'];
const PYTHON = ['.py', '.pyi'];

const inPath = (program: string) => (probe: FormatterProbe) => probe.inPath(program);

async function wantsRuff(probe: FormatterProbe): Promise<boolean> {
  if (!(await probe.inPath('ruff'))) return false;
  if (await probe.above('ruff.toml', '.ruff.toml')) return true;
  for (const file of ['requirements.txt', 'pyproject.toml', 'Pipfile'])
    if (await probe.aboveHolds(file, /\bruff\b/)) return true;
  return false;
}

/** Every formatter that is known without configuration, in the order in which they are listed and run. */
export const BUILT_IN_FORMATTERS: readonly FormatterDefinition[] = [
  { name: 'zig', extensions: ['.zig', '.zon'], command: ['zig', 'fmt', '$FILE'], enabled: inPath('zig') },
  {
    name: 'uv',
    extensions: PYTHON,
    command: ['uv', 'format', '--', '$FILE'],
    enabled: async (probe) => !(await wantsRuff(probe)) && (await probe.says('uv', 'format', '--help')) !== undefined,
  },
  {
    name: 'terraform',
    extensions: ['.tf', '.tfvars'],
    command: ['terraform', 'fmt', '$FILE'],
    enabled: inPath('terraform'),
  },
  { name: 'standardrb', extensions: RUBY, command: ['standardrb', '--fix', '$FILE'], enabled: inPath('standardrb') },
  { name: 'shfmt', extensions: ['.sh', '.bash'], command: ['shfmt', '-w', '$FILE'], enabled: inPath('shfmt') },
  { name: 'rustfmt', extensions: ['.rs'], command: ['rustfmt', '$FILE'], enabled: inPath('rustfmt') },
  { name: 'ruff', extensions: PYTHON, command: ['ruff', 'format', '$FILE'], enabled: wantsRuff },
  { name: 'rubocop', extensions: RUBY, command: ['rubocop', '--autocorrect', '$FILE'], enabled: inPath('rubocop') },
  {
    name: 'air',
    extensions: ['.R'],
    command: ['air', 'format', '$FILE'],
    enabled: async (probe) => {
      const [line = ''] = ((await probe.says('air', '--help')) ?? '').split('\n');
      return /\bR\b/.test(line) && line.includes('formatter');
    },
  },
  {
    name: 'prettier',
    extensions: WEB,
    command: ['prettier', '--write', '$FILE'],
    enabled: (probe) => probe.depends('package.json', 'prettier'),
  },
  {
    name: 'pint',
    extensions: ['.php'],
    command: ['./vendor/bin/pint', '$FILE'],
    enabled: (probe) => probe.depends('composer.json', 'laravel/pint'),
  },
  {
    name: 'oxfmt',
    extensions: SCRIPTS,
    command: ['oxfmt', '$FILE'],
    enabled: async (probe) =>
      probe.flag('OPENCODE_EXPERIMENTAL_OXFMT', 'OPENCODE_EXPERIMENTAL') && probe.depends('package.json', 'oxfmt'),
  },
  { name: 'ormolu', extensions: ['.hs'], command: ['ormolu', '-i', '$FILE'], enabled: inPath('ormolu') },
  {
    name: 'ocamlformat',
    extensions: ['.ml', '.mli'],
    command: ['ocamlformat', '-i', '$FILE'],
    enabled: async (probe) => (await probe.inPath('ocamlformat')) && probe.above('.ocamlformat'),
  },
  { name: 'nixfmt', extensions: ['.nix'], command: ['nixfmt', '$FILE'], enabled: inPath('nixfmt') },
  {
    name: 'mix',
    extensions: ['.ex', '.exs', '.eex', '.heex', '.leex', '.neex', '.sface'],
    command: ['mix', 'format', '$FILE'],
    enabled: inPath('mix'),
  },
  {
    name: 'latexindent',
    extensions: ['.tex'],
    command: ['latexindent', '-w', '-s', '$FILE'],
    enabled: inPath('latexindent'),
  },
  { name: 'ktlint', extensions: ['.kt', '.kts'], command: ['ktlint', '-F', '$FILE'], enabled: inPath('ktlint') },
  {
    name: 'htmlbeautifier',
    extensions: ['.erb', '.html.erb'],
    command: ['htmlbeautifier', '$FILE'],
    enabled: inPath('htmlbeautifier'),
  },
  { name: 'gofmt', extensions: ['.go'], command: ['gofmt', '-w', '$FILE'], enabled: inPath('gofmt') },
  { name: 'gleam', extensions: ['.gleam'], command: ['gleam', 'format', '$FILE'], enabled: inPath('gleam') },
  { name: 'dfmt', extensions: ['.d'], command: ['dfmt', '-i', '$FILE'], enabled: inPath('dfmt') },
  { name: 'dart', extensions: ['.dart'], command: ['dart', 'format', '$FILE'], enabled: inPath('dart') },
  {
    name: 'cljfmt',
    extensions: ['.clj', '.cljs', '.cljc', '.edn'],
    command: ['cljfmt', 'fix', '--quiet', '$FILE'],
    enabled: inPath('cljfmt'),
  },
  {
    name: 'clang-format',
    extensions: [...['.c', '.cc', '.cpp', '.cxx', '.c++', '.h', '.hh', '.hpp', '.hxx', '.h++', '.ino', '.C', '.H']],
    command: ['clang-format', '-i', '$FILE'],
    enabled: (probe) => probe.above('.clang-format'),
  },
  {
    name: 'biome',
    extensions: WEB,
    command: ['biome', 'check', '--write', '$FILE'],
    enabled: (probe) => probe.above('biome.json', 'biome.jsonc'),
  },
];
