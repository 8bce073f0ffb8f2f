import { Injectable } from '@nestjs/common';
import { type FilePartInput, InvalidRequestError } from '#libs/contract';
import { announceRead } from './announcement.js';
import { type AttachedFile, type Attachment, FilePartKind } from './file-part-kind.js';

/** A file whose bytes are in its `data:` URL: text is told to the model, everything else is sent as it is. */
@Injectable()
export class DataFile extends FilePartKind {
  takes({ url }: Attachment): boolean {
    return url.protocol === 'data:';
  }

  async resolve({ input }: Attachment): Promise<AttachedFile> {
    if (input.mime !== 'text/plain') return { texts: [], files: [input] };
    return {
      texts: [announceRead({ filePath: input.filename ?? 'attachment' }), contentOf(input)],
      files: [input],
    };
  }
}

function contentOf({ url, filename }: FilePartInput): string {
  const comma = url.indexOf(',');
  const payload = url.slice(comma + 1);
  const base64 = url.slice(0, comma).endsWith(';base64');
  try {
    return base64 ? Buffer.from(payload, 'base64').toString('utf8') : decodeURIComponent(payload);
  } catch {
    throw new InvalidRequestError(`The data URL of ${filename ?? 'a file part'} is not correctly encoded`);
  }
}
