import { Injectable } from '@nestjs/common';
import { readFile, stat } from 'node:fs/promises';
import { InvalidRequestError } from '#libs/contract';
import { announceRead } from './announcement.js';
import { type AttachedFile, type Attachment, FilePartKind } from './file-part-kind.js';
import { isLocal, localPath } from './local-path.js';

/** Bytes of a file that is sent whole. */
const MAX_SIZE = 32 * 1024 * 1024;

/** Any other file of this machine, like an image: its bytes. */
@Injectable()
export class BinaryFile extends FilePartKind {
  takes({ url }: Attachment): boolean {
    return isLocal(url);
  }

  async resolve({ url, input }: Attachment): Promise<AttachedFile> {
    const path = localPath(url);
    const stats = await stat(path).catch(() => undefined);
    if (!stats) throw new InvalidRequestError(`File not found: ${path}`);
    // a device has no end, a pipe may never begin
    if (!stats.isFile()) throw new InvalidRequestError(`Not a regular file: ${path}`);
    if (stats.size > MAX_SIZE)
      throw new InvalidRequestError(`${path} is too large to attach (${stats.size} bytes; limit ${MAX_SIZE})`);
    const data = await readFile(path, 'base64');
    return {
      texts: [announceRead({ filePath: path })],
      files: [{ ...input, url: `data:${input.mime};base64,${data}` }],
    };
  }
}
