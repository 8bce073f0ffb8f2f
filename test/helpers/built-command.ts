import { transform } from '@swc/core';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, glob, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const CACHE = join(ROOT, 'node_modules/.cache/opencode-nest');
/** Milliseconds after which a build of other sources may go. */
const STALE = 24 * 3_600_000;

let build: Promise<string> | undefined;

/**
 * Path of the `opencode` command, made from the sources as they are now. Types are not checked, so that it takes a few
 * seconds; an unchanged tree is not built again.
 */
export function builtCommand(): Promise<string> {
  return (build ??= make());
}

async function make(): Promise<string> {
  const files: string[] = [];
  for await (const file of glob(['{src,libs}/**/*', 'scripts/bundle.mjs', 'package.json'], { cwd: ROOT }))
    if (!file.endsWith('.spec.ts') && !file.endsWith('.md')) files.push(file);
  files.sort();
  const hash = createHash('sha256');
  const sources: string[] = [];
  for (const file of files) {
    const entry = await stat(join(ROOT, file));
    if (!entry.isFile()) continue;
    hash.update(`${file} ${entry.mtimeMs} ${entry.size}\n`);
    sources.push(file);
  }
  const target = join(CACHE, hash.digest('hex').slice(0, 16));
  const command = join(target, 'dist/bin/opencode.js');
  if (await exists(command)) return command;

  const draft = `${target}.${process.pid}`;
  for (const file of sources) await translate(file, draft);
  await execute(process.execPath, [join(ROOT, 'scripts/bundle.mjs'), draft]);
  // another test process may have been faster
  await rename(draft, target).catch(() => rm(draft, { recursive: true, force: true }));
  await removeStale();
  return command;
}

async function translate(file: string, target: string): Promise<void> {
  const from = join(ROOT, file);
  const to = join(target, file === 'package.json' ? file : join('dist', file));
  await mkdir(dirname(to), { recursive: true });
  if (!file.endsWith('.ts')) return cp(from, to);
  const { code } = await transform(await readFile(from, 'utf8'), {
    filename: from,
    swcrc: false,
    sourceMaps: 'inline',
    module: { type: 'es6' },
    jsc: {
      target: 'es2024',
      keepClassNames: true,
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    },
  });
  await writeFile(to.replace(/\.ts$/, '.js'), code);
}

async function removeStale(): Promise<void> {
  for (const name of await readdir(CACHE)) {
    const path = join(CACHE, name);
    // a draft of another test process may be gone by now
    const entry = await stat(path).catch(() => undefined);
    if (entry && Date.now() - entry.mtimeMs > STALE) await rm(path, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
