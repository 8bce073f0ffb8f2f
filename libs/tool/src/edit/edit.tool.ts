import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { AgentTool, type AgentToolHandler, type ToolContext, type ToolResult } from '#libs/extension';
import { assertOrdinary, statOf } from '#libs/file';
import { FileTimeService } from '../project-file/file-time.service.js';
import { FileWriteService } from '../project-file/file-write.service.js';
import { askOutside } from '../project-file/outside.js';
import { countLines, patchText } from '../project-file/patch.js';
import { EditInput } from './edit-input.dto.js';
import { replaceText } from './replace-text.js';

const DESCRIPTION = `Replaces a piece of text in a file.

- Read the file first: the call fails when the session has not read it, or when it changed since.
- Copy oldString from the file, indentation included, without the "<line number>: " that read puts in front.
- oldString must occur once: add lines around it until it does, or set replaceAll to change every occurrence (to rename something, for example).
- newString is taken literally. Keep the indentation of the file.
- An empty oldString makes newString the whole file, a new one if need be.
- For several changes of one file make several calls; each sees the result of the one before.`;

/** What a call changes. */
interface Change {
  before: string;
  after: string;
  exists: boolean;
}

/** Replaces text in a file. */
@AgentTool({ id: 'edit', description: DESCRIPTION, input: EditInput })
export class EditTool implements AgentToolHandler<EditInput> {
  constructor(
    private readonly files: FileWriteService,
    private readonly times: FileTimeService,
  ) {}

  async execute(input: EditInput, context: ToolContext): Promise<ToolResult> {
    if (input.filePath === '') throw new Error('filePath is required');
    if (input.oldString === input.newString)
      throw new Error('No changes to apply: oldString and newString are identical.');
    const { instance } = context;
    const path = instance.resolve(input.filePath);
    await askOutside(context, path, 'file');
    const metadata = await this.files.exclusively(context, path, async () => {
      const { before, after, exists } = await this.prepare(path, input, context);
      const diff = patchText(path, unixLines(before), unixLines(after));
      await context.ask({
        permission: 'edit',
        patterns: [instance.display(path)],
        always: ['*'],
        metadata: { filepath: path, diff },
      });
      // the answer may have taken long
      if (input.oldString !== '') await this.times.check(context, path);
      const failed = await this.files.write(context, path, after, exists);
      const written = await readFile(path, 'utf8');
      return {
        diagnostics: {},
        diff: written === after ? diff : patchText(path, unixLines(before), unixLines(written)),
        filediff: { file: path, before, after: written, ...countLines(before, written) },
        ...(failed.length > 0 && { formatting: failed }),
      };
    });
    context.update({ metadata });
    const report = await this.files.check(context, path);
    return {
      title: instance.display(path),
      output: `Edit applied successfully.${report.ofFile(path)}`,
      metadata: { ...metadata, diagnostics: report.all },
    };
  }

  private async prepare(path: string, input: EditInput, context: ToolContext): Promise<Change> {
    const stats = await statOf(path);
    if (stats?.isDirectory()) throw new Error(`Path is a directory, not a file: ${path}`);
    assertOrdinary(path, stats);
    if (input.oldString === '') return { before: '', after: input.newString, exists: stats !== undefined };
    if (!stats) throw new Error(`File ${path} not found`);
    await this.times.check(context, path);
    const bytes = await readFile(path);
    if (!isUtf8(bytes))
      throw new Error(`File ${path} is not UTF-8 text: editing would damage it. Change it with bash instead.`);
    const before = bytes.toString();
    return { before, after: replaceText(before, input.oldString, input.newString, input.replaceAll), exists: true };
  }
}

const unixLines = (text: string) => text.replaceAll('\r\n', '\n');
