import { text } from 'node:stream/consumers';
import { type ArchiveEntry, isExecutable } from './archive-entry.js';

/** The kind of thing in the upper bits of a Unix mode. */
const KIND = 0o170000;
const SYMBOLIC_LINK = 0o120000;
const FOLDER = 0o040000;
/** Bytes the target of a link may have. */
const MAX_TARGET = 4096;

/** What a zip archive holds, one entry after the other. */
export async function* zipEntries(path: string): AsyncGenerator<ArchiveEntry> {
  const { openPromise } = await import('yauzl');
  const zip = await openPromise(path);
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName;
    // zero where no Unix made the archive
    const mode = entry.externalFileAttributes >>> 16;
    if (name.endsWith('/') || (mode & KIND) === FOLDER) {
      yield { name, kind: 'folder' };
      continue;
    }
    const symbolic = (mode & KIND) === SYMBOLIC_LINK;
    if (symbolic && entry.uncompressedSize > MAX_TARGET) throw new Error(`the target of the link ${name} is too long`);
    const content = await zip.openReadStreamPromise(entry);
    if (symbolic) yield { name, kind: 'symbolic', target: await text(content) };
    else yield { name, kind: 'file', executable: isExecutable(mode), content };
  }
}
