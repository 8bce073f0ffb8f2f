// One self-contained executable of the `opencode` command, Node inside: node scripts/executable.mjs
// Run it with the Node version that shall be inside, on the platform it is for; `npm run build` comes first.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mjs';

const { resolve } = createRequire(import.meta.url);
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = `${ROOT}dist/executable`;
const WINDOWS = process.platform === 'win32';
const OUTPUT = `${FOLDER}/opencode${WINDOWS ? '.exe' : ''}`;

/** Files of packages that the program reads when it runs (readPackageFile and packageFilePath of #libs/extension). */
const ASSETS = [
  'web-tree-sitter/web-tree-sitter.wasm',
  'tree-sitter-bash/tree-sitter-bash.wasm',
  'swagger-ui-dist/swagger-ui.css',
  'swagger-ui-dist/swagger-ui-bundle.js',
  'swagger-ui-dist/favicon-32x32.png',
];
const ripgrep = `@vscode/ripgrep-${process.platform}-${process.arch}/bin/rg${WINDOWS ? '.exe' : ''}`;

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
await bundle({ file: `${FOLDER}/main.mjs`, codeSplitting: false });
writeFileSync(
  `${FOLDER}/sea.json`,
  JSON.stringify({
    main: `${FOLDER}/main.mjs`,
    mainFormat: 'module',
    output: OUTPUT,
    disableExperimentalSEAWarning: true,
    useCodeCache: true,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    execArgvExtension: 'env',
    assets: Object.fromEntries([
      ...ASSETS.map((name) => [name, resolve(name)]),
      ['rg', createRequire(resolve('@vscode/ripgrep')).resolve(ripgrep)],
    ]),
  }),
);
execFileSync(process.execPath, ['--build-sea', `${FOLDER}/sea.json`], { stdio: 'inherit' });
console.log(`${OUTPUT}: ${(statSync(OUTPUT).size / 2 ** 20).toFixed(0)} MiB`);
