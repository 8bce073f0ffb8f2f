import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { ReadableStream } from 'node:stream/web';
import { type ArchiveEntry, isExecutable } from './archive-entry.js';

/** What a tar archive holds, one entry after the other: the content of a file is read before the next one is asked for. */
export async function* tarEntries(path: string, compression: 'gzip' | 'xz'): AsyncGenerator<ArchiveEntry> {
  const { createTarDecoder } = await import('modern-tar');
  const source = createReadStream(path);
  try {
    const tar = compression === 'gzip' ? gunzipped(source) : await unxzipped(source);
    for await (const { header, body } of tar.pipeThrough(createTarDecoder({ strict: true }))) {
      const { name, type = 'file', mode = 0o644, linkname = '' } = header;
      if (type === 'file') {
        const content = Readable.fromWeb(body);
        yield { name, kind: 'file', executable: isExecutable(mode), content };
        continue;
      }
      await body.cancel();
      if (type === 'directory') yield { name, kind: 'folder' };
      else if (type === 'symlink') yield { name, kind: 'symbolic', target: linkname };
      else if (type === 'link') yield { name, kind: 'hard', target: linkname };
      else throw new Error(`the archive holds ${name}, which is neither file nor folder nor link`);
    }
  } finally {
    source.destroy();
  }
}

function gunzipped(source: Readable): ReadableStream<Uint8Array> {
  const gunzip = createGunzip();
  source.on('error', (error) => gunzip.destroy(error));
  return Readable.toWeb(source.pipe(gunzip)) as ReadableStream<Uint8Array>;
}

async function unxzipped(source: Readable): Promise<ReadableStream<Uint8Array>> {
  const { default: xz } = await import('xz-decompress');
  return new xz.XzReadableStream(Readable.toWeb(source) as globalThis.ReadableStream<Uint8Array>);
}
