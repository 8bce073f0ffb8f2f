import { Injectable } from '@nestjs/common';
import type { ToolContext, ToolResult } from '#libs/extension';
import { ToolRegistry } from '#libs/tool';
import { announceRead } from './announcement.js';
import type { AttachedFile, Attachment } from './file-part-kind.js';
import type { LineRange } from './line-range.js';

/** Milliseconds a file may take to be read into a prompt. */
const READ_LIMIT = 30_000;

/** Reads attached files and directories the way the model would, with its read tool. */
@Injectable()
export class AttachmentReader {
  constructor(private readonly tools: ToolRegistry) {}

  /** What the tool says; what it shows as media takes the place of the file. Its failure is told to the model. */
  async read(attachment: Attachment, filePath: string, range: LineRange = {}): Promise<AttachedFile> {
    const { input } = attachment;
    const asked = { filePath, ...range };
    const tool = this.tools.own('read');
    if (!tool) return { texts: [], files: [input] };
    try {
      const { output, attachments = [] } = await tool.execute(asked, this.context(attachment));
      return { texts: [announceRead(asked), output], files: filesOf(attachment, attachments) };
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      return { texts: [announceRead(asked), `Reading it failed: ${problem}`], files: [input], problem };
    }
  }

  private context({ instance, user, agent }: Attachment): ToolContext {
    return {
      instance,
      sessionID: user.sessionID,
      messageID: user.id,
      callID: user.id,
      agent: agent.name,
      messages: [],
      signal: AbortSignal.any([instance.signal, AbortSignal.timeout(READ_LIMIT)]),
      // the person who attaches a file has allowed it
      ask: () => Promise.resolve(),
      update: () => undefined,
    };
  }
}

function filesOf({ input }: Attachment, shown: NonNullable<ToolResult['attachments']>): AttachedFile['files'] {
  if (shown.length === 0) return [input];
  const { id, filename } = input;
  return shown.map((media, index) => ({
    type: 'file',
    ...(index === 0 && id !== undefined && { id }),
    ...(filename !== undefined && { filename }),
    ...media,
  }));
}
