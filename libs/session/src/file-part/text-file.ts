import { Injectable } from '@nestjs/common';
import { AttachmentReader } from './attachment-reader.service.js';
import { type AttachedFile, type Attachment, FilePartKind } from './file-part-kind.js';
import { lineRange } from './line-range.js';
import { isLocal, localPath } from './local-path.js';

/** A text file of this machine, or the lines that the URL names. */
@Injectable()
export class TextFile extends FilePartKind {
  constructor(private readonly reader: AttachmentReader) {
    super();
  }

  takes({ url, input }: Attachment): boolean {
    return isLocal(url) && input.mime === 'text/plain';
  }

  resolve(attachment: Attachment): Promise<AttachedFile> {
    const { url } = attachment;
    return this.reader.read(attachment, localPath(url), lineRange(url));
  }
}
