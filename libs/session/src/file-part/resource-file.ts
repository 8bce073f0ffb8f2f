import { Injectable, Logger } from '@nestjs/common';
import type { FilePartInput } from '#libs/contract';
import { McpResources, type ResourceContent } from '#libs/mcp';
import { type AttachedFile, type Attachment, FilePartKind } from './file-part-kind.js';

/** What models look at; other bytes are only named. */
const MEDIA = /^image\/|^application\/pdf$/;

/** A resource of an MCP server: its texts are told to the model, images and PDF are shown. */
@Injectable()
export class ResourceFile extends FilePartKind {
  private readonly log = new Logger(ResourceFile.name);

  constructor(private readonly resources: McpResources) {
    super();
  }

  takes({ input }: Attachment): boolean {
    return input.source?.type === 'resource';
  }

  async resolve({ instance, input }: Attachment): Promise<AttachedFile> {
    if (input.source?.type !== 'resource') return { texts: [], files: [input] };
    const { clientName, uri } = input.source;
    const name = input.filename ?? uri;
    const reading = `Reading MCP resource: ${name} (${uri})`;
    try {
      const contents = await this.resources.read(instance, clientName, uri);
      const texts = contents.map((content) =>
        'text' in content ? content.text : `[Binary content: ${mimeOf(content, input)}]`,
      );
      return { texts: [reading, ...texts], files: filesOf(input, contents) };
    } catch (error) {
      this.log.warn(`${clientName}/${uri}: ${String(error)}`);
      const problem = `Failed to read MCP resource ${name}: Resource not found: ${clientName}/${uri}`;
      return { texts: [reading, problem], files: [], problem };
    }
  }
}

/** Media take the place of the file that stands for them. */
function filesOf(input: FilePartInput, contents: readonly ResourceContent[]): FilePartInput[] {
  const { id, ...rest } = input;
  const media = contents.flatMap((content) => {
    const mime = mimeOf(content, input);
    return 'blob' in content && MEDIA.test(mime) ? [{ ...rest, mime, url: `data:${mime};base64,${content.blob}` }] : [];
  });
  const [first = rest, ...others] = media;
  return [{ ...first, ...(id !== undefined && { id }) }, ...others];
}

/** A server that names no type has named it in the list, from which the file came. */
const mimeOf = ({ mimeType }: ResourceContent, { mime }: FilePartInput) => mimeType ?? mime;
