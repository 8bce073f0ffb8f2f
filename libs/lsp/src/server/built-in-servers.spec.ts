import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { SystemEnvironment } from '#libs/extension';
import { BUILT_IN_SERVERS } from './built-in-servers.js';
import { findRoot } from './root-rule.js';
import type { ServerDefinition } from './server-definition.js';

const LOCK = 'package-lock.json bun.lockb bun.lock pnpm-lock.yaml yarn.lock';
const SCRIPT = '.ts .tsx .js .jsx .mjs .cjs .mts .cts';
const PYTHON = 'pyproject.toml setup.py setup.cfg requirements.txt Pipfile pyrightconfig.json';
const BIOME = `${SCRIPT} .json .jsonc .vue .astro .svelte .css .graphql .gql .html`;

/** Id, files, what makes a folder the root, and the command: the table of the reference, with globs that are found. */
const TABLE: readonly [id: string, files: string, markers: string, command: string][] = [
  ['deno', '.ts .tsx .js .jsx .mjs', 'deno.json deno.jsonc', 'deno lsp'],
  ['typescript', SCRIPT, LOCK, 'typescript-language-server --stdio'],
  ['vue', '.vue', LOCK, 'vue-language-server --stdio'],
  ['eslint', `${SCRIPT} .vue`, LOCK, 'vscode-eslint-language-server --stdio'],
  ['oxlint', `${SCRIPT} .vue .astro .svelte`, `.oxlintrc.json ${LOCK} package.json`, 'oxlint --lsp'],
  ['biome', BIOME, `biome.json biome.jsonc ${LOCK}`, 'biome lsp-proxy --stdio'],
  ['gopls', '.go', 'go.work go.mod go.sum', 'gopls'],
  ['ruby-lsp', '.rb .rake .gemspec .ru', 'Gemfile', 'rubocop --lsp'],
  ['ty', '.py .pyi', `ty.toml ${PYTHON}`, 'ty server'],
  ['pyright', '.py .pyi', PYTHON, 'pyright-langserver --stdio'],
  ['elixir-ls', '.ex .exs', 'mix.exs mix.lock', 'elixir-ls'],
  ['zls', '.zig .zon', 'build.zig', 'zls'],
  ['csharp', '.cs', 'A.slnx A.sln A.csproj global.json', 'csharp-ls'],
  ['fsharp', '.fs .fsi .fsx .fsscript', 'A.slnx A.sln A.fsproj global.json', 'fsautocomplete'],
  ['sourcekit-lsp', '.swift .objc objcpp', 'Package.swift A.xcodeproj A.xcworkspace', 'sourcekit-lsp'],
  ['rust', '.rs', 'Cargo.toml Cargo.lock', 'rust-analyzer'],
  [
    'clangd',
    '.c .cpp .cc .cxx .c++ .h .hpp .hh .hxx .h++',
    'compile_commands.json compile_flags.txt .clangd CMakeLists.txt Makefile',
    'clangd --background-index --clang-tidy',
  ],
  ['svelte', '.svelte', LOCK, 'svelteserver --stdio'],
  ['astro', '.astro', LOCK, 'astro-ls --stdio'],
  ['jdtls', '.java', 'pom.xml build.gradle build.gradle.kts .project .classpath', 'jdtls'],
  [
    'kotlin-ls',
    '.kt .kts',
    'settings.gradle.kts settings.gradle gradlew gradlew.bat build.gradle.kts build.gradle pom.xml',
    'kotlin-lsp --stdio',
  ],
  ['yaml-ls', '.yaml .yml', LOCK, 'yaml-language-server --stdio'],
  [
    'lua-ls',
    '.lua',
    '.luarc.json .luarc.jsonc .luacheckrc .stylua.toml stylua.toml selene.toml selene.yml',
    'lua-language-server',
  ],
  ['php intelephense', '.php', 'composer.json composer.lock .php-version', 'intelephense --stdio'],
  ['prisma', '.prisma', 'schema.prisma prisma/schema.prisma prisma', 'prisma language-server'],
  ['dart', '.dart', 'pubspec.yaml analysis_options.yaml', 'dart language-server --lsp'],
  ['ocaml-lsp', '.ml .mli', 'dune-project dune-workspace .merlin opam', 'ocamllsp'],
  ['bash', '.sh .bash .zsh .ksh', '', 'bash-language-server start'],
  ['terraform', '.tf .tfvars', '.terraform.lock.hcl terraform.tfstate', 'terraform-ls serve'],
  ['texlab', '.tex .bib', '.latexmkrc latexmkrc .texlabroot texlabroot', 'texlab'],
  ['dockerfile', '.dockerfile Dockerfile', '', 'docker-langserver --stdio'],
  ['gleam', '.gleam', 'gleam.toml', 'gleam lsp'],
  [
    'clojure-lsp',
    '.clj .cljs .cljc .edn',
    'deps.edn project.clj shadow-cljs.edn bb.edn build.boot',
    'clojure-lsp listen',
  ],
  ['nixd', '.nix', 'flake.nix', 'nixd'],
  ['tinymist', '.typ .typc', 'typst.toml', 'tinymist'],
  [
    'haskell-language-server',
    '.hs .lhs',
    'stack.yaml cabal.project hie.yaml A.cabal',
    'haskell-language-server-wrapper --lsp',
  ],
];

const words = (text: string) => text.split(' ').filter((word) => word !== '');
const serverOf = (id: string): ServerDefinition => BUILT_IN_SERVERS.find((server) => server.id === id)!;

let root: string;
/** The instance directory; the worktree is the folder above. */
let top: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'servers-')));
  top = join(root, 'tree/proj');
  await mkdir(top, { recursive: true });
});
afterEach(() => rm(root, { recursive: true, force: true }));

const put = async (path: string, content = '') => {
  await mkdir(dirname(join(top, path)), { recursive: true });
  await writeFile(join(top, path), content);
};
const rootOf = (id: string, path: string) =>
  findRoot(serverOf(id).root, { path: join(top, path), top, worktree: dirname(top) });

it('the table of servers has a row for each', () => {
  expect(TABLE.map(([id]) => id)).toEqual(BUILT_IN_SERVERS.map(({ id }) => id));
});

describe.each(TABLE)('%s', (id, files, markers, command) => {
  const name = `x${words(files)[0]}`;

  it('has its files and its command', () => {
    const { extensions, commands } = serverOf(id);
    const [first] = commands;
    expect(extensions).toEqual(words(files));
    expect([first?.program, ...(first?.args ?? [])].join(' ')).toBe(command);
  });

  it('is started in the nearest folder with a marker', async () => {
    for (const [index, marker] of words(markers).entries()) {
      await put(`${index}/${marker}`);
      expect(await rootOf(id, `${index}/a/b/${name}`)).toBe(join(top, `${index}`));
    }
    const without = { deno: undefined, nixd: dirname(top) };
    expect(await rootOf(id, `other/${name}`)).toBe(id in without ? without[id as keyof typeof without] : top);
  });
});

describe('what a server is told', () => {
  const prepared = (id: string, variables: Record<string, string> = {}) =>
    serverOf(id).prepare?.({
      root: join(top, 'pkg'),
      directory: top,
      top,
      environment: new SystemEnvironment(variables, '/'),
    });

  it.each(['pyright', 'ty'])('of the Python of the project: %s', async (id) => {
    expect(await prepared(id)).toEqual({ initialization: {} });
    const python = async (folder: string) => {
      await put(`${folder}/bin/python`);
      return { initialization: { pythonPath: join(top, folder, 'bin/python') } };
    };
    const last = await python('pkg/venv');
    expect(await prepared(id)).toEqual(last);
    const second = await python('pkg/.venv');
    expect(await prepared(id)).toEqual(second);
    const first = await python('active');
    expect(await prepared(id, { VIRTUAL_ENV: join(top, 'active') })).toEqual(first);
  });

  it.each([
    ['typescript', (library: string) => ({ tsserver: { path: join(library, 'tsserver.js') } })],
    ['astro', (library: string) => ({ typescript: { tsdk: library } })],
  ])('of the TypeScript of the project: %s', async (id, settings) => {
    await put('node_modules/typescript/package.json', '{}');
    await put('node_modules/typescript/lib/tsserver.js');
    const library = join(top, 'node_modules/typescript/lib');
    expect(await prepared(id)).toEqual({ initialization: settings(library) });
  });

  it('of ESLint', async () => {
    await put('node_modules/eslint/package.json', '{}');
    expect(await prepared('eslint')).toMatchObject({ initialization: { validate: 'on', nodePath: null } });
  });

  it.each([
    ['typescript', 'typescript'],
    ['astro', 'typescript'],
    ['eslint', 'eslint'],
  ])('is not told to %s without the package %s', async (id, name) => {
    expect(await prepared(id)).toEqual({ missing: `the package ${name} is not installed in the project` });
  });

  it('by intelephense stays here', async () => {
    expect(await prepared('php intelephense')).toEqual({ initialization: { telemetry: { enabled: false } } });
  });
});

describe('the folder of a project within a larger one', () => {
  it.each([
    ['csharp', 'src/a/x.cs', ['All.sln', 'src/a/A.csproj'], ''],
    ['csharp', 'src/a/x.cs', ['src/global.json', 'src/a/A.csproj'], 'src'],
    ['fsharp', 'src/a/x.fs', ['All.slnx', 'src/a/A.fsproj'], ''],
    ['haskell-language-server', 'a/src/x.hs', ['cabal.project', 'a/A.cabal'], ''],
    ['terraform', 'modules/net/main.tf', ['.terraform.lock.hcl', 'modules/net/main.tf'], ''],
    ['gopls', 'a/x.go', ['go.work', 'a/go.mod'], ''],
    ['kotlin-ls', 'app/src/x.kt', ['settings.gradle.kts', 'app/build.gradle.kts'], ''],
    ['jdtls', 'app/src/x.java', ['pom.xml', 'app/pom.xml'], 'app'],
  ])('%s: %s with %j', async (id, file, present, expected) => {
    for (const path of present) await put(path);
    expect(await rootOf(id, file)).toBe(join(top, expected));
  });
});
