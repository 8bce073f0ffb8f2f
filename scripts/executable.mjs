// One self-contained executable of the `opencode` command, Node inside: node scripts/executable.mjs
// Run it with the Node version that shall be inside, on the platform it is for; `npm run build` comes first.
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
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

/** Node without the names of its symbols, a fifth smaller, where the tool for that is at hand. */
function stripped() {
  if (process.platform !== 'linux') return process.execPath;
  const copy = `${FOLDER}/node`;
  copyFileSync(process.execPath, copy);
  const { status } = spawnSync('strip', [copy], { stdio: 'ignore' });
  return status === 0 ? copy : process.execPath;
}

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
writeFileSync(`${FOLDER}/node-pty.json`, JSON.stringify(packed('node-pty')));
await bundle({ file: `${FOLDER}/main.mjs`, codeSplitting: false });
writeFileSync(
  `${FOLDER}/sea.json`,
  JSON.stringify({
    main: `${FOLDER}/main.mjs`,
    mainFormat: 'module',
    executable: stripped(),
    output: OUTPUT,
    disableExperimentalSEAWarning: true,
    useCodeCache: true,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    execArgvExtension: 'env',
    assets: Object.fromEntries([
      ...ASSETS.map((name) => [name, resolve(name)]),
      // readOwnFile of #libs/extension
      ...readdirSync(`${ROOT}src/web/page`).map((name) => [`page/${name}`, `${ROOT}src/web/page/${name}`]),
      ['node-pty.json', `${FOLDER}/node-pty.json`],
      ['rg', createRequire(resolve('@vscode/ripgrep')).resolve(ripgrep)],
    ]),
  }),
);
execFileSync(process.execPath, ['--build-sea', `${FOLDER}/sea.json`], { stdio: 'inherit' });
rmSync(`${FOLDER}/node`, { force: true });
console.log(`${OUTPUT}: ${(statSync(OUTPUT).size / 2 ** 20).toFixed(0)} MiB`);

/** The files of a native package that this platform needs, for packageFolder of #libs/extension. */
function packed(name) {
  const folder = dirname(resolve(`${name}/package.json`));
  const files = globSync(['package.json', 'lib/**/*.js', `prebuilds/${process.platform}-${process.arch}/**/*`], {
    cwd: folder,
    exclude: (file) => /\.(test\.js|pdb)$/.test(file),
  });
  return Object.fromEntries(
    files
      .filter((file) => statSync(join(folder, file)).isFile())
      .map((file) => [file.replaceAll('\\', '/'), readFileSync(join(folder, file)).toString('base64')]),
  );
}
