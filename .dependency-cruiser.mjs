/**
 * Who may import whom. `test/architecture/imports.spec.ts` holds the same table and reads the sources itself, so that
 * a rule loosened here does not go unnoticed.
 */
const RANKS = {
  contract: 0,
  instance: 1,
  extension: 2,
  event: 2,
  storage: 3,
  config: 3,
  project: 3,
  permission: 3,
  provider: 4,
  mcp: 4,
  lsp: 4,
  file: 4,
  plugin: 4,
  pty: 4,
  tool: 5,
  agent: 5,
  session: 6,
  tui: 6,
  http: 6,
  api: 7,
  core: 7,
};

/** What only tests load. */
const TESTS = '\\.(spec|fixture)\\.(ts|mjs)$|^libs/[^/]+/test/';
const names = Object.keys(RANKS);

const ranks = names.map((name) => {
  const above = names.filter((other) => other !== name && RANKS[other] >= RANKS[name]);
  return {
    name: `rank-${name}`,
    severity: 'error',
    comment: `${name} has rank ${RANKS[name]}: it imports libraries of lower rank only`,
    from: { path: `^libs/${name}/` },
    to: { path: `^libs/(${above.join('|')})/` },
  };
});

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...ranks,
    {
      name: 'ranked',
      severity: 'error',
      comment: 'Every library has a rank',
      from: { path: `^libs/(?!(${names.join('|')})/)` },
      to: {},
    },
    {
      name: 'through-the-index',
      severity: 'error',
      comment: 'A library is reached as #libs/<name> only',
      from: { path: '^(src|test|libs/([^/]+))/' },
      to: { path: '^libs/', pathNot: ['^libs/$2/', '^libs/[^/]+/src/index\\.ts$'] },
    },
    {
      name: 'by-its-name',
      severity: 'error',
      comment: 'A library is reached as #libs/<name>, not by a relative path',
      from: { path: '^(src|test|libs/([^/]+))/' },
      to: { path: '^libs/', pathNot: '^libs/$2/', dependencyTypesNot: ['aliased'] },
    },
    {
      name: 'not-its-own-index',
      severity: 'error',
      comment: 'Inside a library paths are relative; the index is for outsiders',
      from: { path: '^libs/([^/]+)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^libs/$1/src/index\\.ts$' },
    },
    {
      name: 'libs-stand-alone',
      severity: 'error',
      comment: 'Libraries know neither the standalone server nor the tests',
      from: { path: '^libs/' },
      to: { path: '^(src|test)/' },
    },
    { name: 'src-knows-no-tests', severity: 'error', from: { path: '^src/' }, to: { path: '^test/' } },
    {
      name: 'heavy-packages-on-first-use',
      severity: 'error',
      comment: 'Import types at the top of the file and the package with import() where it is used',
      from: { path: '^(src|libs)/', pathNot: TESTS },
      to: {
        path: 'node_modules/(@ai-sdk/(?!provider/)|ai/|zod/|web-tree-sitter/|vscode-jsonrpc/|@modelcontextprotocol/)',
        dependencyTypesNot: ['type-only', 'dynamic-import'],
      },
    },
    {
      name: 'no-development-packages',
      severity: 'error',
      comment: 'What ships needs dependencies or peerDependencies',
      from: { path: '^(src|libs)/', pathNot: TESTS },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm', 'npm-peer', 'type-only'] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'test/architecture/tsconfig.imports.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.d.ts'],
    },
  },
};
