import { join } from 'node:path';
import { withEslint, withPython, withSettings, withTypescript } from './prepare.js';
import type { RootRule } from './root-rule.js';
import type { ServerCommand, ServerDefinition } from './server-definition.js';
import { SOURCES } from './server-sources.js';
import { typescriptDiagnostics } from './typescript-diagnostics.js';

const near = (...markers: string[]): RootRule => ({ kind: 'near', markers: [markers] });
const firstNear = (...markers: string[][]): RootRule => ({ kind: 'near', markers });
const run = (program: string, ...args: string[]): ServerCommand => ({ program, args });
const install = (what: string) => ({ hint: `install ${what}` });

const LOCK = ['package-lock.json', 'bun.lockb', 'bun.lock', 'pnpm-lock.yaml', 'yarn.lock'];
const DENO = ['deno.json', 'deno.jsonc'];
const TYPESCRIPT = ['.ts', '.tsx', '.js', '.jsx', '.mjs', '.cjs', '.mts', '.cts'];
const PYTHON = ['pyproject.toml', 'setup.py', 'setup.cfg', 'requirements.txt', 'Pipfile', 'pyrightconfig.json'];
const TY = 'OPENCODE_EXPERIMENTAL_LSP_TY';

/** Vue's server would hand questions to the TypeScript server of an editor and wait for ever; it can do without. */
const withoutTsserver: ServerDefinition['notifications'] = (notify) => ({
  'tsserver/request': ([id]: [unknown]) => notify('tsserver/response', [id, null]),
});

/** Every server that is known without configuration, in the order in which they are asked. */
export const BUILT_IN_SERVERS: readonly ServerDefinition[] = [
  {
    id: 'deno',
    extensions: ['.ts', '.tsx', '.js', '.jsx', '.mjs'],
    root: { kind: 'nearest', markers: DENO },
    commands: [run('deno', 'lsp')],
    source: install('Deno'),
  },
  {
    id: 'typescript',
    extensions: TYPESCRIPT,
    root: { kind: 'near', markers: [LOCK], unless: DENO },
    commands: [run('typescript-language-server', '--stdio')],
    source: { npm: 'typescript-language-server' },
    prepare: withTypescript((library) => ({ tsserver: { path: join(library, 'tsserver.js') } })),
    diagnose: typescriptDiagnostics,
  },
  {
    id: 'vue',
    extensions: ['.vue'],
    root: near(...LOCK),
    commands: [run('vue-language-server', '--stdio')],
    source: { npm: '@vue/language-server' },
    notifications: withoutTsserver,
  },
  {
    id: 'eslint',
    extensions: [...TYPESCRIPT, '.vue'],
    root: near(...LOCK),
    commands: [run('vscode-eslint-language-server', '--stdio')],
    source: { npm: 'vscode-langservers-extracted' },
    prepare: withEslint,
  },
  {
    id: 'oxlint',
    extensions: [...TYPESCRIPT, '.vue', '.astro', '.svelte'],
    root: near('.oxlintrc.json', ...LOCK, 'package.json'),
    commands: [{ program: 'oxlint', args: ['--lsp'], ifHelpNames: '--lsp' }, run('oxc_language_server')],
    source: install('the package oxlint in the project'),
  },
  {
    id: 'biome',
    extensions: [
      ...TYPESCRIPT,
      ...['.json', '.jsonc', '.vue', '.astro', '.svelte', '.css', '.graphql', '.gql', '.html'],
    ],
    root: near('biome.json', 'biome.jsonc', ...LOCK),
    commands: [run('biome', 'lsp-proxy', '--stdio')],
    source: install('the package @biomejs/biome in the project'),
  },
  {
    id: 'gopls',
    extensions: ['.go'],
    root: firstNear(['go.work'], ['go.mod', 'go.sum']),
    commands: [run('gopls')],
    source: SOURCES.gopls,
  },
  {
    id: 'ruby-lsp',
    extensions: ['.rb', '.rake', '.gemspec', '.ru'],
    root: near('Gemfile'),
    // before 1.53 it is no language server
    commands: [{ program: 'rubocop', args: ['--lsp'], ifHelpNames: '--lsp' }],
    source: SOURCES.rubocop,
  },
  {
    id: 'ty',
    extensions: ['.py', '.pyi'],
    root: near('ty.toml', ...PYTHON),
    commands: [run('ty', 'server')],
    source: { hint: 'run: uv tool install ty' },
    prepare: withPython,
    available: (environment) => environment.flag(TY),
  },
  {
    id: 'pyright',
    extensions: ['.py', '.pyi'],
    root: near(...PYTHON),
    commands: [run('pyright-langserver', '--stdio')],
    source: { npm: 'pyright' },
    prepare: withPython,
    available: (environment) => !environment.flag(TY),
  },
  {
    id: 'elixir-ls',
    extensions: ['.ex', '.exs'],
    root: near('mix.exs', 'mix.lock'),
    commands: [run('elixir-ls'), run('language_server.sh')],
    source: SOURCES.elixirLs,
  },
  {
    id: 'zls',
    extensions: ['.zig', '.zon'],
    root: near('build.zig'),
    commands: [run('zls')],
    source: SOURCES.zls,
  },
  {
    id: 'csharp',
    extensions: ['.cs'],
    root: firstNear(['*.slnx', '*.sln'], ['global.json'], ['*.csproj']),
    commands: [run('csharp-ls')],
    source: SOURCES.csharp,
  },
  {
    id: 'fsharp',
    extensions: ['.fs', '.fsi', '.fsx', '.fsscript'],
    root: firstNear(['*.slnx', '*.sln'], ['global.json'], ['*.fsproj']),
    commands: [run('fsautocomplete')],
    source: SOURCES.fsharp,
  },
  {
    id: 'sourcekit-lsp',
    extensions: ['.swift', '.objc', 'objcpp'],
    root: near('Package.swift', '*.xcodeproj', '*.xcworkspace'),
    commands: [run('sourcekit-lsp'), run('xcrun', 'sourcekit-lsp')],
    source: install('the Swift toolchain'),
  },
  {
    id: 'rust',
    extensions: ['.rs'],
    root: {
      kind: 'near',
      markers: [['Cargo.toml', 'Cargo.lock']],
      widen: { file: 'Cargo.toml', holds: /^\s*\[workspace\]/m },
    },
    commands: [run('rust-analyzer')],
    source: { hint: 'run: rustup component add rust-analyzer' },
  },
  {
    id: 'clangd',
    extensions: ['.c', '.cpp', '.cc', '.cxx', '.c++', '.h', '.hpp', '.hh', '.hxx', '.h++'],
    root: near('compile_commands.json', 'compile_flags.txt', '.clangd', 'CMakeLists.txt', 'Makefile'),
    commands: [run('clangd', '--background-index', '--clang-tidy')],
    source: SOURCES.clangd,
  },
  {
    id: 'svelte',
    extensions: ['.svelte'],
    root: near(...LOCK),
    commands: [run('svelteserver', '--stdio')],
    source: { npm: 'svelte-language-server' },
  },
  {
    id: 'astro',
    extensions: ['.astro'],
    root: near(...LOCK),
    commands: [run('astro-ls', '--stdio')],
    source: { npm: '@astrojs/language-server' },
    prepare: withTypescript((library) => ({ typescript: { tsdk: library } })),
    // its first lists hold what the compiler thought of the text before
    silence: 700,
  },
  {
    id: 'jdtls',
    extensions: ['.java'],
    root: near('pom.xml', 'build.gradle', 'build.gradle.kts', '.project', '.classpath'),
    commands: [run('jdtls')],
    source: SOURCES.jdtls,
  },
  {
    id: 'kotlin-ls',
    extensions: ['.kt', '.kts'],
    root: firstNear(
      ['settings.gradle.kts', 'settings.gradle'],
      ['gradlew', 'gradlew.bat'],
      ['build.gradle.kts', 'build.gradle'],
      ['pom.xml'],
    ),
    commands: [run('kotlin-lsp', '--stdio'), run('kotlin-ls', '--stdio')],
    source: SOURCES.kotlin,
  },
  {
    id: 'yaml-ls',
    extensions: ['.yaml', '.yml'],
    root: near(...LOCK),
    commands: [run('yaml-language-server', '--stdio')],
    source: { npm: 'yaml-language-server' },
  },
  {
    id: 'lua-ls',
    extensions: ['.lua'],
    root: near(
      ...['.luarc.json', '.luarc.jsonc', '.luacheckrc', '.stylua.toml', 'stylua.toml', 'selene.toml', 'selene.yml'],
    ),
    commands: [run('lua-language-server')],
    source: SOURCES.lua,
  },
  {
    id: 'php intelephense',
    extensions: ['.php'],
    root: near('composer.json', 'composer.lock', '.php-version'),
    commands: [run('intelephense', '--stdio')],
    source: { npm: 'intelephense' },
    prepare: withSettings({ telemetry: { enabled: false } }),
  },
  {
    id: 'prisma',
    extensions: ['.prisma'],
    root: {
      kind: 'near',
      markers: [['schema.prisma', 'prisma/schema.prisma', 'prisma']],
      unless: ['package.json'],
    },
    commands: [run('prisma', 'language-server')],
    source: install('the Prisma command line'),
  },
  {
    id: 'dart',
    extensions: ['.dart'],
    root: near('pubspec.yaml', 'analysis_options.yaml'),
    commands: [run('dart', 'language-server', '--lsp')],
    source: install('the Dart SDK'),
  },
  {
    id: 'ocaml-lsp',
    extensions: ['.ml', '.mli'],
    root: near('dune-project', 'dune-workspace', '.merlin', 'opam'),
    commands: [run('ocamllsp')],
    source: { hint: 'run: opam install ocaml-lsp-server' },
  },
  {
    id: 'bash',
    extensions: ['.sh', '.bash', '.zsh', '.ksh'],
    root: { kind: 'directory' },
    commands: [run('bash-language-server', 'start')],
    source: { npm: 'bash-language-server' },
  },
  {
    id: 'terraform',
    extensions: ['.tf', '.tfvars'],
    root: near('.terraform.lock.hcl', 'terraform.tfstate'),
    commands: [run('terraform-ls', 'serve')],
    source: SOURCES.terraform,
  },
  {
    id: 'texlab',
    extensions: ['.tex', '.bib'],
    root: near('.latexmkrc', 'latexmkrc', '.texlabroot', 'texlabroot'),
    commands: [run('texlab')],
    source: SOURCES.texlab,
  },
  {
    id: 'dockerfile',
    extensions: ['.dockerfile', 'Dockerfile'],
    root: { kind: 'directory' },
    commands: [run('docker-langserver', '--stdio')],
    source: { npm: 'dockerfile-language-server-nodejs' },
  },
  {
    id: 'gleam',
    extensions: ['.gleam'],
    root: near('gleam.toml'),
    commands: [run('gleam', 'lsp')],
    source: install('Gleam'),
  },
  {
    id: 'clojure-lsp',
    extensions: ['.clj', '.cljs', '.cljc', '.edn'],
    root: near('deps.edn', 'project.clj', 'shadow-cljs.edn', 'bb.edn', 'build.boot'),
    commands: [run('clojure-lsp', 'listen')],
    source: install('clojure-lsp'),
  },
  {
    id: 'nixd',
    extensions: ['.nix'],
    root: { kind: 'near', markers: [['flake.nix']], otherwise: 'worktree' },
    commands: [run('nixd')],
    source: install('nixd'),
  },
  {
    id: 'tinymist',
    extensions: ['.typ', '.typc'],
    root: near('typst.toml'),
    commands: [run('tinymist')],
    source: SOURCES.tinymist,
  },
  {
    id: 'haskell-language-server',
    extensions: ['.hs', '.lhs'],
    root: firstNear(['stack.yaml', 'cabal.project', 'hie.yaml'], ['*.cabal']),
    commands: [run('haskell-language-server-wrapper', '--lsp')],
    source: { hint: 'run: ghcup install hls' },
  },
];
