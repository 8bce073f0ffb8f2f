import { Injectable } from '@nestjs/common';
import { CodeQueryService } from '#libs/lsp';
import { AttachmentReader } from './attachment-reader.service.js';
import { type AttachedFile, type Attachment, FilePartKind } from './file-part-kind.js';
import { type LineRange, lineRange } from './line-range.js';
import { isLocal, localPath } from './local-path.js';

/** Milliseconds in which language servers have to tell where a symbol ends. */
const SYMBOL_LIMIT = 5000;

/** A text file of this machine, or the lines or the symbol that the URL names. */
@Injectable()
export class TextFile extends FilePartKind {
  constructor(
    private readonly reader: AttachmentReader,
    private readonly code: CodeQueryService,
  ) {
    super();
  }

  takes({ url, input }: Attachment): boolean {
    return isLocal(url) && input.mime === 'text/plain';
  }

  async resolve(attachment: Attachment): Promise<AttachedFile> {
    const { url } = attachment;
    const range = lineRange(url);
    return this.reader.read(attachment, localPath(url), (await this.symbol(attachment, range)) ?? range);
  }

  /** All lines of the symbol that begins in the one line that is asked for. */
  private async symbol({ instance, url }: Attachment, { offset, limit }: LineRange): Promise<LineRange | undefined> {
    if (offset === undefined || limit !== 1) return undefined;
    const signal = AbortSignal.any([instance.signal, AbortSignal.timeout(SYMBOL_LIMIT)]);
    // when nobody can say it is the line that was asked for
    const range = await this.code.symbolAt(instance, localPath(url), offset - 1, signal).catch(() => undefined);
    return range && { offset, limit: range.end.line - range.start.line + 1 };
  }
}
