// The language servers that language-servers.mjs tries: a project for each, and a change of a file that breaks it.

const PACKAGE = '{ "private": true }\n';
const TYPESCRIPT = {
  'package.json': PACKAGE,
  'package-lock.json': '{}\n',
  'tsconfig.json': '{ "compilerOptions": { "strict": true, "module": "preserve", "types": [] }, "include": ["src"] }\n',
};
const TWICE = `export interface Shape {
  area(): number;
}
export class Square implements Shape {
  area(): number {
    return twice(2);
  }
}
export function twice(n: number): number {
  return n * 2;
}
`;

/**
 * - `npm`: packages to install; without it the program has to be in PATH
 * - `config`: of the server
 * - `file`: the one that is changed, by putting `[old, broken]`; `says`: what the server thinks of that
 * - `warms`: milliseconds that it needs to read its project, without saying when it has
 * - `at`: line and character of a name; `answers`: operations of the lsp tool that find something there
 * - `symbol`: found by `/find/symbol`
 */
export const CASES = [
  {
    id: 'typescript',
    npm: ['typescript-language-server', 'typescript@6.0.3'],
    files: {
      ...TYPESCRIPT,
      'src/a.ts': TWICE,
      'src/b.ts': "import { twice } from './a';\nexport const four = twice(2);\n",
    },
    warms: 5000,
    file: 'src/b.ts',
    change: ['twice(2)', "twice('2')"],
    says: /not assignable/,
    at: [2, 21],
    symbol: 'twice',
    answers: 'goToDefinition findReferences hover documentSymbol goToImplementation prepareCallHierarchy incomingCalls',
  },
  {
    id: 'tsgo',
    npm: ['@typescript/native-preview'],
    config: { command: ['tsgo', '--lsp', '--stdio'], extensions: ['.ts'] },
    files: {
      ...TYPESCRIPT,
      'src/a.ts': TWICE,
      'src/b.ts': "import { twice } from './a';\nexport const four = twice(2);\n",
    },
    file: 'src/b.ts',
    change: ['twice(2)', "twice('2')"],
    says: /not assignable/,
    at: [2, 21],
    symbol: 'twice',
    answers: 'goToDefinition findReferences hover documentSymbol goToImplementation prepareCallHierarchy incomingCalls',
  },
  {
    id: 'eslint',
    npm: ['vscode-langservers-extracted', 'eslint'],
    files: {
      ...TYPESCRIPT,
      'eslint.config.mjs': 'export default [{ rules: { "no-debugger": "error" } }];\n',
      'src/a.js': 'export const a = 1;\n',
    },
    file: 'src/a.js',
    change: ['export', 'debugger;\nexport'],
    says: /Unexpected 'debugger'/,
  },
  {
    id: 'oxlint',
    npm: ['oxlint'],
    files: { ...TYPESCRIPT, 'src/a.ts': 'export const a = 1;\n' },
    file: 'src/a.ts',
    change: ['export', 'debugger;\nexport'],
    says: /debugger/,
  },
  {
    id: 'biome',
    npm: ['@biomejs/biome'],
    files: { ...TYPESCRIPT, 'biome.json': '{}\n', 'src/a.ts': 'export const a = 1;\n' },
    file: 'src/a.ts',
    change: ['export', 'debugger;\nexport'],
    says: /debugger/,
  },
  {
    id: 'vue',
    npm: ['@vue/language-server', 'typescript@6.0.3', 'vue'],
    files: {
      ...TYPESCRIPT,
      'src/a.vue': '<template>\n  <p>hello</p>\n</template>\n<style>\np { color: red; }\n</style>\n',
    },
    file: 'src/a.vue',
    change: ['<p>hello</p>', '<p>hello</q>'],
    says: /end tag|missing/i,
    at: [2, 4],
    answers: 'documentSymbol',
  },
  {
    id: 'svelte',
    npm: ['svelte-language-server', 'svelte', 'typescript@6.0.3'],
    files: { ...TYPESCRIPT, 'src/a.svelte': '<script lang="ts">\n  const n: number = 1;\n</script>\n<p>{n}</p>\n' },
    warms: 5000,
    file: 'src/a.svelte',
    change: ['= 1', "= 'x'"],
    says: /not assignable/,
    at: [4, 5],
    answers: 'goToDefinition findReferences hover documentSymbol',
  },
  {
    id: 'astro',
    npm: ['@astrojs/language-server', 'typescript@6.0.3', 'astro'],
    files: { ...TYPESCRIPT, 'src/a.astro': '---\nconst n: number = 1;\n---\n<p>{n}</p>\n' },
    warms: 5000,
    file: 'src/a.astro',
    change: ['= 1', "= 'x'"],
    says: /not assignable/,
    at: [4, 5],
    answers: 'goToDefinition findReferences hover documentSymbol',
  },
  {
    id: 'pyright',
    npm: ['pyright'],
    files: {
      'pyproject.toml': '[project]\nname = "x"\nversion = "1"\n',
      'lib.py': 'def twice(n: int) -> int:\n    return n * 2\n',
      'a.py': 'from lib import twice\n\n\ndef run() -> int:\n    return twice(2)\n',
    },
    file: 'a.py',
    change: ['twice(2)', 'twice("2")'],
    says: /not assignable|cannot be assigned/,
    at: [5, 13],
    symbol: 'twice',
    answers: 'goToDefinition findReferences hover documentSymbol prepareCallHierarchy incomingCalls',
  },
  {
    id: 'yaml-ls',
    npm: ['yaml-language-server'],
    files: { 'a.yaml': 'a: 1\nb:\n  - 2\n' },
    file: 'a.yaml',
    change: ['a: 1', 'a: [1'],
    says: /Flow|sequence|must/i,
    at: [2, 1],
    answers: 'documentSymbol',
  },
  {
    id: 'bash',
    npm: ['bash-language-server'],
    files: { 'a.sh': '#!/bin/bash\ngreet() {\n  echo "hello $1"\n}\ngreet you\n' },
    file: 'a.sh',
    // without shellcheck it says nothing of errors
    change: ['greet you', 'greet them'],
    at: [5, 2],
    symbol: 'greet',
    answers: 'goToDefinition findReferences hover documentSymbol',
  },
  {
    id: 'dockerfile',
    npm: ['dockerfile-language-server-nodejs'],
    files: { Dockerfile: 'FROM node:24\nRUN true\n' },
    file: 'Dockerfile',
    change: ['RUN true', 'RAN true'],
    says: /Unknown instruction/,
    at: [2, 1],
    answers: 'hover documentSymbol',
  },
  {
    id: 'php intelephense',
    npm: ['intelephense'],
    files: {
      'composer.json': '{}\n',
      'a.php': '<?php\nfunction twice(int $n): int {\n    return $n * 2;\n}\necho twice(2);\n',
    },
    warms: 5000,
    file: 'a.php',
    change: ['twice(2)', 'thrice(2)'],
    says: /Undefined function/,
    at: [5, 8],
    symbol: 'twice',
    answers: 'goToDefinition findReferences hover documentSymbol',
  },
  {
    id: 'prisma',
    npm: ['@prisma/language-server'],
    config: { command: ['prisma-language-server', '--stdio'] },
    files: {
      'schema.prisma':
        'datasource db {\n  provider = "sqlite"\n}\n\nmodel User {\n  id Int @id\n  posts Post[]\n}\n\nmodel Post {\n  id Int @id\n  user User @relation(fields: [userId], references: [id])\n  userId Int\n}\n',
    },
    file: 'schema.prisma',
    change: ['Post[]', 'Past[]'],
    says: /Past/,
    at: [12, 9],
    answers: 'goToDefinition findReferences hover documentSymbol',
  },
  ...['json', 'css', 'html'].map((language) => {
    const [good, bad, says] = {
      json: ['{ "a": 1 }\n', ['1 }', '1 '], /expected/i],
      css: ['p {\n  color: red;\n}\n', ['red;\n}', 'red;\n'], /expected/],
      html: ['<p>a</p>\n<style>p { color: red }</style>\n', ['red }', 'red'], /expected/],
    }[language];
    return {
      id: language,
      npm: ['vscode-langservers-extracted'],
      config: { command: [`vscode-${language}-language-server`, '--stdio'], extensions: [`.${language}`] },
      files: { [`a.${language}`]: good },
      file: `a.${language}`,
      change: bad,
      says,
      at: [1, 2],
      answers: 'documentSymbol',
    };
  }),
  {
    id: 'clangd',
    files: {
      'compile_flags.txt': '-Wall\n',
      'a.c': 'int twice(int n) { return n * 2; }\nint main(void) { return twice(2); }\n',
    },
    file: 'a.c',
    change: ['twice(2)', 'thrice(2'],
    says: /expected/,
    at: [2, 27],
    symbol: 'twice',
    answers: 'goToDefinition findReferences hover documentSymbol prepareCallHierarchy incomingCalls',
  },
  {
    id: 'gopls',
    files: {
      'go.mod': 'module example.com/x\n\ngo 1.19\n',
      'a.go': 'package main\n\nfunc twice(n int) int { return n * 2 }\n\nfunc main() { _ = twice(2) }\n',
    },
    file: 'a.go',
    change: ['twice(2)', 'twice("2")'],
    says: /cannot (use|convert)/,
    at: [5, 20],
    symbol: 'twice',
    answers: 'goToDefinition findReferences hover documentSymbol prepareCallHierarchy incomingCalls',
  },
  {
    id: 'pylsp',
    config: { command: ['pylsp'], extensions: ['.py'] },
    files: { 'a.py': 'def twice(n):\n    return n * 2\n\n\nprint(twice(2))\n' },
    file: 'a.py',
    change: ['twice(2)', 'thrice(2)'],
    says: /undefined name/,
    at: [5, 8],
    answers: 'goToDefinition findReferences hover documentSymbol',
  },
  {
    id: 'rust',
    files: {
      'Cargo.toml': '[package]\nname = "x"\nversion = "0.1.0"\nedition = "2021"\n',
      'src/main.rs': 'fn twice(n: i32) -> i32 {\n    n * 2\n}\n\nfn main() {\n    let _four: i32 = twice(2);\n}\n',
    },
    file: 'src/main.rs',
    change: ['twice(2)', 'twice("2")'],
    says: /expected i32/,
    warms: 10_000,
    at: [6, 23],
    symbol: 'twice',
    answers: 'goToDefinition findReferences hover documentSymbol prepareCallHierarchy incomingCalls',
  },
  {
    id: 'ruff',
    config: { command: ['ruff', 'server'], extensions: ['.py'] },
    files: { 'a.py': 'print(1)\n' },
    file: 'a.py',
    change: ['print(1)', 'import os\nprint(1)'],
    says: /imported but unused/,
  },
];
