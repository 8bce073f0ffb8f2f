import { packTar } from 'modern-tar';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';

/** What goes into an archive: a file unless it is a link; folders have names with `/` at their end. */
export interface Packed {
  name: string;
  content?: string | Buffer;
  mode?: number;
  /** Target of a symbolic link, or of a hard one. */
  link?: string;
  hard?: string;
}

export async function tarGz(entries: readonly Packed[]): Promise<Buffer> {
  const tar = await packTar(
    entries.map(({ name, content = '', mode = 0o644, link, hard }) => {
      if (name.endsWith('/')) return { header: { name, size: 0, type: 'directory' as const } };
      if (link !== undefined) return { header: { name, size: 0, type: 'symlink' as const, linkname: link } };
      if (hard !== undefined) return { header: { name, size: 0, type: 'link' as const, linkname: hard } };
      const body = Buffer.from(content);
      return { header: { name, size: body.length, mode }, body };
    }),
  );
  return gzipSync(tar);
}

/** As Info-ZIP makes them on Unix. */
export function zip(entries: readonly Packed[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content = '', mode = 0o644, link } of entries) {
    const plain = Buffer.from(link ?? content);
    const packed = deflateRawSync(plain);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(plain), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(plain.length, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(((link === undefined ? 0o100000 : 0o120000) | mode) * 0x10000, 6);
    rest.writeUInt32LE(offset, 10);
    const file = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name), packed]);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x03'), fields, rest, Buffer.from(name)]));
    files.push(file);
    offset += file.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, ...directory, end]);
}
