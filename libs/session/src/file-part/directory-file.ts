import { Injectable } from '@nestjs/common';
import { stat } from 'node:fs/promises';
import { AttachmentReader } from './attachment-reader.service.js';
import { type AttachedFile, type Attachment, FilePartKind } from './file-part-kind.js';
import { isLocal, localPath } from './local-path.js';

/** A directory, whatever type the client takes it for: its listing. */
@Injectable()
export class DirectoryFile extends FilePartKind {
  constructor(private readonly reader: AttachmentReader) {
    super();
  }

  async takes({ url }: Attachment): Promise<boolean> {
    if (!isLocal(url)) return false;
    return (await stat(localPath(url)).catch(() => undefined))?.isDirectory() ?? false;
  }

  resolve({ input, ...place }: Attachment): Promise<AttachedFile> {
    return this.reader.read({ ...place, input: { ...input, mime: 'application/x-directory' } }, localPath(place.url));
  }
}
