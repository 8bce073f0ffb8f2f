import { open, readFile } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AgentTool, type AgentToolHandler, type ToolContext, type ToolResult } from '#libs/extension';
import { assertOrdinary, namedAndReal, statOf } from '#libs/file';
import { LspService } from '#libs/lsp';
import { FileTimeService } from '../project-file/file-time.service.js';
import { askOutside } from '../project-file/outside.js';
import { SAMPLE_SIZE, isBinary, mediaType } from './binary-file.js';
import { listDirectory, similarNames } from './directory-listing.js';
import { InstructionFileService } from './instruction-file.service.js';
import { ReadInput } from './read-input.dto.js';
import { readWindow, renderWindow } from './text-window.js';

const DEFAULT_LIMIT = 2000;
const PREVIEW_LINES = 20;
/** Bytes of an image or PDF; base64 and the copies on its way make it many times that in memory. */
const MAX_MEDIA = 32 * 1024 * 1024;

const DESCRIPTION = `Reads a file, or lists a directory.

- Text comes as "<line number>: <text>". The number and ": " are not part of the file: leave them out of what you give to edit.
- Shows 2000 lines or 50 KB at most, long lines cut after 2000 characters. A note at the end says whether there is more; go on with offset.
- Images and PDF files are shown to you as they are. Other binary files cannot be read.
- Sub-directories in a listing end in "/".
- Prefer one large read to many small ones, and read several files in parallel when you need them. To find something in many files use grep.`;

/** Shows files and directories to the model. */
@AgentTool({ id: 'read', description: DESCRIPTION, input: ReadInput })
export class ReadTool implements AgentToolHandler<ReadInput> {
  constructor(
    private readonly times: FileTimeService,
    private readonly instructions: InstructionFileService,
    private readonly languages: LspService,
  ) {}

  async execute(input: ReadInput, context: ToolContext): Promise<ToolResult> {
    if (input.offset !== undefined && input.offset < 1) throw new Error('offset must be greater than or equal to 1');
    const path = context.instance.resolve(input.filePath);
    const stats = await statOf(path);
    await askOutside(context, path, stats?.isDirectory() ? 'directory' : 'file');
    // a rule for .env holds for a link to it too
    const patterns = await namedAndReal(context.instance, path);
    await context.ask({ permission: 'read', patterns, always: ['*'], metadata: {} });
    if (!stats) throw await notFound(path);
    assertOrdinary(path, stats);
    const range = {
      offset: Math.floor(input.offset ?? 1),
      limit: Math.max(0, Math.floor(input.limit ?? DEFAULT_LIMIT)),
    };
    const result = stats.isDirectory()
      ? await directory(path, range)
      : ((await media(path, stats)) ?? (await this.text(path, range, context)));
    return { ...result, title: context.instance.display(path) };
  }

  private async text(path: string, { offset, limit }: Range, context: ToolContext): Promise<Omit<ToolResult, 'title'>> {
    if (isBinary(path, await sample(path))) throw new Error(`Cannot read binary file: ${path}`);
    const time = Date.now();
    const window = await readWindow(path, offset, limit, context.signal);
    if (window.total < offset && !window.stopped)
      throw new Error(`Offset ${offset} is out of range for this file (${window.total} lines)`);
    this.times.saw(context, path, time);
    this.languages.touch(context.instance, path);
    const loaded = await this.instructions.take(context, path);
    const reminders = loaded.map(
      (file) => `\n\n<system-reminder>\nInstructions from: ${file.path}\n${file.text}\n</system-reminder>`,
    );
    return {
      output: `<path>${path}</path>\n<type>file</type>\n${renderWindow(window, offset)}${reminders.join('')}`,
      metadata: {
        preview: window.lines.slice(0, PREVIEW_LINES).join('\n'),
        truncated: window.stopped !== undefined,
        loaded: loaded.map((file) => file.path),
      },
    };
  }
}

interface Range {
  offset: number;
  limit: number;
}

async function directory(path: string, { offset, limit }: Range): Promise<Omit<ToolResult, 'title'>> {
  const names = await listDirectory(path);
  const shown = names.slice(offset - 1, offset - 1 + limit);
  const truncated = offset - 1 + shown.length < names.length;
  const note = truncated
    ? `(Showing ${shown.length} of ${names.length} entries. Use 'offset' parameter to read beyond entry ${offset + shown.length})`
    : `(${names.length} entries)`;
  return {
    output: `<path>${path}</path>\n<type>directory</type>\n<entries>\n${shown.join('\n')}\n\n${note}\n</entries>`,
    metadata: { preview: shown.slice(0, PREVIEW_LINES).join('\n'), truncated, loaded: [] },
  };
}

/** An image or PDF as an attachment; undefined for anything else. */
async function media(path: string, stats: Stats): Promise<Omit<ToolResult, 'title'> | undefined> {
  const mime = mediaType(path);
  if (mime === undefined) return undefined;
  if (stats.size > MAX_MEDIA)
    throw new Error(`${path} is too large to be shown: ${stats.size} bytes, at most ${MAX_MEDIA}`);
  const output = `${mime === 'application/pdf' ? 'PDF' : 'Image'} read successfully`;
  const url = `data:${mime};base64,${await readFile(path, 'base64')}`;
  return { output, metadata: { preview: output, truncated: false, loaded: [] }, attachments: [{ mime, url }] };
}

async function sample(path: string): Promise<Uint8Array> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(new Uint8Array(SAMPLE_SIZE), 0, SAMPLE_SIZE, 0);
  return buffer.subarray(0, bytesRead);
}

async function notFound(path: string): Promise<Error> {
  const parent = dirname(path);
  // a missing parent speaks for itself
  const similar = similarNames((await listDirectory(parent)).map(bare), basename(path));
  const hint =
    similar.length > 0 ? `\n\nDid you mean one of these?\n${similar.map((name) => join(parent, name)).join('\n')}` : '';
  return new Error(`File not found: ${path}${hint}`);
}

const bare = (name: string) => name.replace(/\/$/, '');
