// dist/ (the output of tsc, decorator metadata included) → what starts fast: node scripts/bundle.mjs [folder with dist]
// The `opencode` command becomes a few files in dist/bin instead of the 2,000 of its packages.
import { chmodSync, cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What Nest loads when an application asks for it; this one never does. */
const NEVER_LOADED = [
  /^@nestjs\/(microservices|websockets|platform-express)(\/|$)/,
  /^@fastify\/(static|view|multipart)$/,
];

/** Bundles dist/src/main.js below `root`; what is `external` stays an import. */
export async function bundle({ root = ROOT, external = [], ...output }) {
  const build = await rolldown({
    cwd: root,
    input: 'dist/src/main.js',
    platform: 'node',
    // a native package finds its parts beside itself
    external: [...NEVER_LOADED, 'node-pty', ...external],
    resolve: {
      // its main entry is UMD, which no bundler can follow
      alias: { 'jsonc-parser': fileURLToPath(import.meta.resolve('jsonc-parser').replace('/umd/', '/esm/')) },
    },
    // emscripten's loader in web-tree-sitter
    checks: { eval: false },
  });
  // schemas are named after classes
  await build.write({ format: 'esm', keepNames: true, minify: 'dce-only', ...output });
  await build.close();
}

/** Makes dist/bin/opencode.js below `root`, and the files it loads when it needs them. */
export async function bundleCommand(root = ROOT) {
  const dir = join(root, 'dist/bin');
  rmSync(dir, { recursive: true, force: true });
  await bundle({
    root,
    dir,
    entryFileNames: 'opencode.js',
    chunkFileNames: '[name]-[hash].js',
    // looks for the package of its platform beside itself
    external: ['@vscode/ripgrep'],
  });
  // files that the program reads lie beside its modules
  cpSync(join(root, 'dist/src/web/page'), join(dir, 'page'), { recursive: true });
  chmodSync(join(dir, 'opencode.js'), 0o755);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundleCommand(process.argv[2]);
