import { createWriteStream } from 'node:fs';
import { copyFile, mkdir, realpath, rm, symlink } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { within } from '#libs/instance';
import type { ArchiveEntry } from './archive-entry.js';
import { tarEntries } from './tar-entries.js';
import { zipEntries } from './zip-entries.js';

export interface UnpackOptions {
  readonly signal?: AbortSignal;
  /** Bytes that all files may have together. Default 4 GiB. */
  readonly maxBytes?: number;
  /** Files, folders and links. Default 200,000. */
  readonly maxEntries?: number;
}

interface Link {
  readonly name: string;
  readonly path: string;
  readonly target: string;
}

const FORMATS: readonly [RegExp, (path: string) => AsyncIterable<ArchiveEntry>][] = [
  // .sit is what JetBrains call a zip archive for macOS
  [/\.(zip|sit)$/, zipEntries],
  [/\.(tar\.gz|tgz)$/, (path) => tarEntries(path, 'gzip')],
  [/\.tar\.xz$/, (path) => tarEntries(path, 'xz')],
];

/** Whether archives of such a name can be unpacked. */
export const isArchive = (name: string): boolean => FORMATS.some(([pattern]) => pattern.test(name));

/**
 * Unpacks an archive into an empty folder. Rejects when anything of it would lie or lead outside of the folder, or when
 * it is larger than it may be; the folder is then to be removed.
 */
export async function unpack(archive: string, folder: string, options: UnpackOptions = {}): Promise<void> {
  const { signal, maxBytes = 4 * 1024 ** 3, maxEntries = 200_000 } = options;
  const read = FORMATS.find(([pattern]) => pattern.test(archive))?.[1];
  if (!read) throw new Error(`${archive} is no archive of a known kind`);
  const meter = { left: maxBytes, maxBytes };
  const links: Link[] = [];
  let count = 0;
  for await (const entry of read(archive)) {
    if (++count > maxEntries) throw new Error(`the archive holds more than ${maxEntries} files`);
    const path = placeOf(folder, entry.name);
    if (entry.kind === 'symbolic') {
      links.push({ name: entry.name, path, target: entry.target });
      continue;
    }
    await mkdir(entry.kind === 'folder' ? path : dirname(path), { recursive: true });
    if (entry.kind === 'hard') await copyFile(placeOf(folder, entry.target), path);
    if (entry.kind === 'file') {
      const file = createWriteStream(path, { mode: entry.executable ? 0o755 : 0o644 });
      await pipeline(entry.content, measured(meter), file, { signal });
    }
  }
  await makeLinks(await realpath(folder), links);
}

/** Absolute path of what has a name in the archive. */
function placeOf(folder: string, name: string): string {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (name.startsWith('/') || parts.includes('..') || /[\\\0]|^[a-z]:/i.test(name))
    throw new Error(`the archive holds ${JSON.stringify(name)}, which leads out of it`);
  return join(folder, ...parts);
}

function measured(meter: { left: number; maxBytes: number }): Transform {
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      meter.left -= chunk.byteLength;
      if (meter.left < 0) done(new Error(`the archive unpacks to more than ${meter.maxBytes} bytes`));
      else done(null, chunk);
    },
  });
}

/**
 * Links are made last, so that nothing is written through one, and one at a time, each looked at before the next may
 * build on it. A link to a link that is not there yet has another turn; those that lead nowhere are left out.
 */
async function makeLinks(folder: string, links: readonly Link[]): Promise<void> {
  let pending = links;
  for (;;) {
    const waiting: Link[] = [];
    for (const link of pending) if (!(await makeLink(folder, link))) waiting.push(link);
    if (waiting.length === pending.length) return;
    pending = waiting;
  }
}

async function makeLink(folder: string, { name, path, target }: Link): Promise<boolean> {
  const out = new Error(`the archive holds the link ${name} to ${target}, which leads out of it`);
  if (isAbsolute(target)) throw out;
  await mkdir(dirname(path), { recursive: true });
  await symlink(target, path);
  const end = await realpath(path).catch(() => undefined);
  if (end !== undefined && within(folder, end)) return true;
  await rm(path);
  if (end !== undefined) throw out;
  return false;
}
