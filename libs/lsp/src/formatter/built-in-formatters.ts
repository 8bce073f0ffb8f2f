import { dirname } from 'node:path';
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

const has = (program: string) => (probe: FormatterProbe) => probe.has(program);

async function wantsRuff(probe: FormatterProbe): Promise<boolean> {
  if (!(await probe.has('ruff'))) return false;
  if (await probe.above('ruff.toml', '.ruff.toml')) return true;
  for (const file of ['requirements.txt', 'pyproject.toml', 'Pipfile'])
    if (await probe.match(file, /\bruff\b/)) return true;
  return false;
}

/** Without it rustfmt takes every file for one of 2015, and fails on what came later. */
async function rustEdition(probe: FormatterProbe, path: string): Promise<string[]> {
  const found = await probe.match('Cargo.toml', /^\s*edition\s*=\s*["'](\d+)["']/m, dirname(path));
  return found?.[1] === undefined ? [] : ['--edition', found[1]];
}

/**
 * Every formatter that is known without configuration, in the order in which they are listed and run. What a formatter
 * does not know or is told to ignore is no failure.
 */
export const BUILT_IN_FORMATTERS: readonly FormatterDefinition[] = [
  { name: 'zig', extensions: ['.zig', '.zon'], command: ['zig', 'fmt', '$FILE'], enabled: has('zig') },
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
    enabled: has('terraform'),
  },
  { name: 'standardrb', extensions: RUBY, command: ['standardrb', '--fix', '$FILE'], enabled: has('standardrb') },
  { name: 'shfmt', extensions: ['.sh', '.bash'], command: ['shfmt', '-w', '$FILE'], enabled: has('shfmt') },
  {
    name: 'rustfmt',
    extensions: ['.rs'],
    command: ['rustfmt', '$FILE'],
    options: rustEdition,
    enabled: has('rustfmt'),
  },
  { name: 'ruff', extensions: PYTHON, command: ['ruff', 'format', '$FILE'], enabled: wantsRuff },
  { name: 'rubocop', extensions: RUBY, command: ['rubocop', '--autocorrect', '$FILE'], enabled: has('rubocop') },
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
    command: ['prettier', '--write', '--ignore-unknown', '$FILE'],
    enabled: (probe) => probe.depends('package.json', 'prettier'),
  },
  {
    name: 'pint',
    extensions: ['.php'],
    command: ['pint', '$FILE'],
    enabled: (probe) => probe.depends('composer.json', 'laravel/pint'),
  },
  {
    name: 'oxfmt',
    extensions: SCRIPTS,
    command: ['oxfmt', '$FILE'],
    enabled: async (probe) =>
      probe.flag('OPENCODE_EXPERIMENTAL_OXFMT', 'OPENCODE_EXPERIMENTAL') && probe.depends('package.json', 'oxfmt'),
  },
  { name: 'ormolu', extensions: ['.hs'], command: ['ormolu', '-i', '$FILE'], enabled: has('ormolu') },
  {
    name: 'ocamlformat',
    extensions: ['.ml', '.mli'],
    command: ['ocamlformat', '-i', '$FILE'],
    enabled: async (probe) => (await probe.has('ocamlformat')) && probe.above('.ocamlformat'),
  },
  { name: 'nixfmt', extensions: ['.nix'], command: ['nixfmt', '$FILE'], enabled: has('nixfmt') },
  {
    name: 'mix',
    extensions: ['.ex', '.exs', '.eex', '.heex', '.leex', '.neex', '.sface'],
    command: ['mix', 'format', '$FILE'],
    enabled: has('mix'),
  },
  {
    name: 'latexindent',
    extensions: ['.tex'],
    command: ['latexindent', '-w', '-s', '$FILE'],
    enabled: has('latexindent'),
  },
  { name: 'ktlint', extensions: ['.kt', '.kts'], command: ['ktlint', '-F', '$FILE'], enabled: has('ktlint') },
  {
    name: 'htmlbeautifier',
    extensions: ['.erb', '.html.erb'],
    command: ['htmlbeautifier', '$FILE'],
    enabled: has('htmlbeautifier'),
  },
  { name: 'gofmt', extensions: ['.go'], command: ['gofmt', '-w', '$FILE'], enabled: has('gofmt') },
  { name: 'gleam', extensions: ['.gleam'], command: ['gleam', 'format', '$FILE'], enabled: has('gleam') },
  { name: 'dfmt', extensions: ['.d'], command: ['dfmt', '-i', '$FILE'], enabled: has('dfmt') },
  { name: 'dart', extensions: ['.dart'], command: ['dart', 'format', '$FILE'], enabled: has('dart') },
  {
    name: 'cljfmt',
    extensions: ['.clj', '.cljs', '.cljc', '.edn'],
    command: ['cljfmt', 'fix', '--quiet', '$FILE'],
    enabled: has('cljfmt'),
  },
  {
    name: 'clang-format',
    extensions: ['.c', '.cc', '.cpp', '.cxx', '.c++', '.h', '.hh', '.hpp', '.hxx', '.h++', '.ino', '.C', '.H'],
    command: ['clang-format', '-i', '$FILE'],
    enabled: (probe) => probe.above('.clang-format'),
  },
  {
    name: 'biome',
    extensions: WEB,
    command: ['biome', 'check', '--write', '--no-errors-on-unmatched', '$FILE'],
    enabled: (probe) => probe.above('biome.json', 'biome.jsonc'),
  },
];
