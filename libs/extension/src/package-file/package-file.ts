import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
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

/** Whether this program is the single executable. */
export const isExecutable = (): boolean => isSea();

/**
 * Where such a file lies, for what has to be on disk: programs, native modules. The single executable unpacks it
 * into `folder` when it is not there yet; the name tells its content, so that versions do not meet.
 */
export async function packageFilePath(name: string, folder: string): Promise<string> {
  return isSea() ? unpack(basename(name), await readPackageFile(name), folder) : resolve(name);
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
