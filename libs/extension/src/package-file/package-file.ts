import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { getAsset, isSea } from 'node:sea';

const { resolve } = createRequire(import.meta.url);

/**
 * The bytes of a file that a package of this program brings along: `web-tree-sitter/web-tree-sitter.wasm`. They come
 * from the installed package, or from inside the single executable, which has no packages on disk.
 * Rejects when there is no such file.
 */
export async function readPackageFile(name: string): Promise<Uint8Array> {
  return isSea() ? new Uint8Array(getAsset(name)) : readFile(resolve(name));
}

/**
 * The bytes of a file of this program itself: `page/page.css` beside the module whose `import.meta.url` is given. Inside
 * the single executable the name alone finds it.
 */
export async function readOwnFile(name: string, module: string): Promise<Uint8Array> {
  return isSea() ? new Uint8Array(getAsset(name)) : readFile(new URL(name, module));
}

/** Whether this program is the single executable. */
export const isExecutable = (): boolean => isSea();

/**
 * Where such a file lies, for what has to be on disk: programs, native modules. The single executable unpacks it
 * into `folder` when it is not there yet; the name tells its content, so that versions do not meet.
 */
export async function packageFilePath(name: string, folder: string): Promise<string> {
  return isSea() ? unpack(basename(name), await readPackageFile(name), folder) : resolve(name);
}

/**
 * A native package, which has to lie on disk with all its parts, loaded by `require`. The single executable unpacks it
 * into `folder` when it is not there yet. Throws when there is no such package, or it is not for this platform.
 */
export async function requirePackage(name: string, folder: string): Promise<unknown> {
  if (!isSea()) return createRequire(import.meta.url)(name) as unknown;
  const place = await unpackPackage(name, Buffer.from(await readPackageFile(`${name}.json`)), folder);
  return createRequire(join(place, 'package.json'))(place) as unknown;
}

/** Writes the files of a package, given as JSON of their content in base64 by path, into a folder of its own. */
export async function unpackPackage(name: string, packed: Buffer, folder: string): Promise<string> {
  const place = join(folder, createHash('sha256').update(packed).digest('hex').slice(0, 16), name);
  if (await stat(place).catch(() => undefined)) return place;
  const draft = `${place}.${crypto.randomUUID()}`;
  for (const [path, content] of Object.entries(JSON.parse(packed.toString()) as Record<string, string>)) {
    await mkdir(dirname(join(draft, path)), { recursive: true, mode: 0o700 });
    await writeFile(join(draft, path), Buffer.from(content, 'base64'), { mode: 0o755 });
  }
  // somebody else may have been faster
  await rename(draft, place).catch(() => rm(draft, { recursive: true, force: true }));
  return place;
}

/** Writes `content` as a program into `folder`, once, and in one step: others may be doing the same. */
export async function unpack(name: string, content: Uint8Array, folder: string): Promise<string> {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 16);
  const place = join(folder, hash);
  const path = join(place, name);
  const there = await stat(path).catch(() => undefined);
  if (there?.isFile() && there.size === content.byteLength) return path;
  await mkdir(place, { recursive: true, mode: 0o700 });
  const draft = `${path}.${crypto.randomUUID()}`;
  await writeFile(draft, content, { mode: 0o755 });
  await rename(draft, path);
  return path;
}
