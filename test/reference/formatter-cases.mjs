// What formatters.mjs compares. `$PROJECT` stands for the directory of the project.

/** Programs that are looked for in `PATH`. */
export const PROGRAMS =
  `zig uv terraform standardrb shfmt rustfmt ruff rubocop air ormolu ocamlformat nixfmt mix latexindent ktlint
  htmlbeautifier gofmt gleam dfmt dart cljfmt clang-format`.split(/\s+/);
/** Programs of a project. */
export const LOCAL_PROGRAMS = [
  'node_modules/.bin/prettier',
  'node_modules/.bin/biome',
  'node_modules/.bin/oxfmt',
].concat('vendor/bin/pint');

const depends = (name, list = 'devDependencies') => JSON.stringify({ [list]: { [name]: '1' } });

/** Folders of a project by name, and the files in them that formatters are told by. */
export const MARKERS = {
  nothing: {},
  prettier: { 'package.json': depends('prettier') },
  'prettier-used': { 'package.json': depends('prettier', 'dependencies') },
  'prettier-peer': { 'package.json': depends('prettier', 'peerDependencies') },
  oxfmt: { 'package.json': depends('oxfmt') },
  biome: { 'biome.json': '{}' },
  'biome-comments': { 'biome.jsonc': '{}' },
  pint: { 'composer.json': depends('laravel/pint', 'require') },
  'pint-dev': { 'composer.json': depends('laravel/pint', 'require-dev') },
  clang: { '.clang-format': 'BasedOnStyle: LLVM\n' },
  ocaml: { '.ocamlformat': '' },
  ruff: { 'ruff.toml': '' },
  'ruff-hidden': { '.ruff.toml': '' },
  'ruff-project': { 'pyproject.toml': '[tool.ruff]\n' },
  'ruff-needed': { 'requirements.txt': 'ruff==1\n' },
  'ruff-pipfile': { Pipfile: '[dev-packages]\nruff = "*"\n' },
  python: { 'pyproject.toml': '[project]\nname = "x"\n' },
};

const mine = (line, more = {}) => ({
  mine: { command: ['sh', '-c', line, 'sh', '$FILE'], extensions: ['.x'], ...more },
});

/** What is configured, by folder; `differs` names the row of docs/differences.md that says why. */
export const CONFIGURED = [
  { name: 'all off', formatter: false },
  { name: 'disabled', formatter: { gofmt: { disabled: true }, none: { disabled: true } } },
  { name: 'of ones own', formatter: mine('printf formatted > "$1"') },
  { name: 'without extensions', formatter: { mine: { command: ['sh', '-c', 'printf x > "$1"', 'sh', '$FILE'] } } },
  { name: 'without a command', formatter: { mine: { extensions: ['.x'] } } },
  { name: 'in its place', formatter: { gofmt: mine('printf again > "$1"').mine } },
  { name: 'without the extensions', formatter: { gofmt: { command: ['true'] } }, differs: 'an override' },
  { name: 'with the extensions alone', formatter: { gofmt: { extensions: ['.x'] } }, differs: 'an override' },
  {
    name: 'the first of each argument',
    formatter: {
      mine: { command: ['sh', '-c', 'echo "$1" "$2" > "$1"', 'sh', '$FILE', 'a=$FILE,$FILE'], extensions: ['.x'] },
    },
  },
  {
    name: 'environment and directory',
    formatter: mine('echo "$A $PWD $AGENT $OPENCODE" > "$1"', { environment: { A: '1' } }),
  },
  {
    name: 'one after the other',
    formatter: { ...mine('sleep 0.3; printf 1 >> "$1"'), other: mine('printf 2 >> "$1"').mine },
  },
  { name: 'failing', formatter: mine('printf failed > "$1"; exit 1'), differs: 'formatters' },
  { name: 'missing', formatter: { mine: { command: ['no-such-program'], extensions: ['.x'] } }, differs: 'formatters' },
  { name: 'deleting', formatter: mine('rm "$1"'), differs: 'a formatter that deletes or empties the file' },
  { name: 'emptying', formatter: mine(': > "$1"'), differs: 'a formatter that deletes or empties the file' },
  { name: 'unchanged', formatter: mine('true') },
];

/** Folders in which what is on the machine formats the samples. */
export const REAL = {
  prettier: MARKERS.prettier,
  biome: MARKERS.biome,
  clang: MARKERS.clang,
  rust: { 'Cargo.toml': '[package]\nname = "x"\nedition = "2021"\n' },
};

/** Texts that real programs format. */
export const SAMPLES = {
  'a.js': "const a = {b:1,\n c : 'x'}\n",
  'a.ts': 'export function f( a:string ){return a}\n',
  'a.css': 'a{color:red}\n',
  'a.json': '{"a":1,\n"b":[1,2]}\n',
  'a.md': '*  one\n*  two\n',
  'a.yaml': 'a:   1\n',
  'broken.ts': 'export const a = (\n',
  'a.go': 'package  a\nfunc  f( ){ }\n',
  'a.sh': 'if true;then\necho  x;fi\n',
  'a.c': 'int main( ){return 0 ;}\n',
  'a.rb': 'x = {  :a=>1 }\n',
  'a.hs': 'module Main where\nmain=putStrLn   "x"\n',
  'a.ex': 'defmodule A do\ndef  a( x ),do: x\nend\n',
  'a.rs': 'fn  main( ){ }\n',
  'a.tf': 'a    = 1\nbbb = 2\n',
};
