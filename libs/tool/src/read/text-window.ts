import { createReadStream } from 'node:fs';
import { LineSplitter } from '#libs/file';
import { MAX_BYTES, cutText } from '../output/limit-output.js';

const MAX_LINE_LENGTH = 2000;

/** Some lines of a text file. */
export interface TextWindow {
  /** Without their ends; long ones cut. */
  lines: string[];
  /** Why the last line shown is not the last of the file. */
  stopped?: 'bytes' | 'lines';
  /** All lines of the file; only known when the end was reached. */
  total: number;
}

/**
 * Reads lines of a file as UTF-8; a file of any size is read only as far as needed.
 * @param offset first line, counted from 1
 */
export async function readWindow(
  path: string,
  offset: number,
  limit: number,
  signal: AbortSignal,
): Promise<TextWindow> {
  const window: TextWindow = { lines: [], total: 0 };
  let bytes = 0;
  const take = (raw: string): boolean => {
    window.total++;
    if (window.total < offset) return true;
    if (window.lines.length >= limit) window.stopped = 'lines';
    else {
      const line = cutText(raw, MAX_LINE_LENGTH, '...');
      const size = Buffer.byteLength(line) + (window.lines.length > 0 ? 1 : 0);
      if (bytes + size > MAX_BYTES) window.stopped = 'bytes';
      else {
        window.lines.push(line);
        bytes += size;
      }
    }
    return window.stopped === undefined;
  };
  const splitter = new LineSplitter(take, MAX_LINE_LENGTH + 1);
  const decoder = new TextDecoder(); // drops a byte order mark, replaces what is not UTF-8
  for await (const chunk of createReadStream(path, { signal })) {
    if (!splitter.write(decoder.decode(chunk as Buffer, { stream: true }))) return window;
  }
  splitter.write(decoder.decode());
  splitter.end();
  return window;
}

/** The lines with their numbers, and a remark on what follows them. */
export function renderWindow({ lines, stopped, total }: TextWindow, offset: number): string {
  const last = offset + lines.length - 1;
  const beyond = `Use 'offset' parameter to read beyond line ${last}`;
  const notes = {
    bytes: `(Output truncated at ${MAX_BYTES} bytes. ${beyond})`,
    lines: `(File has more lines. ${beyond})`,
    end: `(End of file - total ${total} lines)`,
  };
  const numbered = lines.map((line, index) => `${offset + index}: ${line}`).join('\n');
  return `<content>${numbered}\n\n${notes[stopped ?? 'end']}\n</content>`;
}
