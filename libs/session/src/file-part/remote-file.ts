import { Injectable } from '@nestjs/common';
import { type AttachedFile, type Attachment, FilePartKind } from './file-part-kind.js';

/** A file elsewhere: the provider of the model loads it. */
@Injectable()
export class RemoteFile extends FilePartKind {
  takes({ url }: Attachment): boolean {
    return url.protocol === 'http:' || url.protocol === 'https:';
  }

  async resolve({ input }: Attachment): Promise<AttachedFile> {
    return { texts: [], files: [input] };
  }
}
