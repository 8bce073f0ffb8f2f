/** Most lines of a tool's output that reach the model. */
export const MAX_LINES = 2000;
/** Most bytes (UTF-8) of a tool's output that reach the model. */
export const MAX_BYTES = 50 * 1024;

/** What is left of an output that was too long. */
export interface CutOutput {
  /** Whole lines from the start. */
  kept: string;
  removed: number;
  unit: 'lines' | 'bytes';
}

/** The head of a text within the limits; undefined when all of it is. A text of millions of lines is not taken apart. */
export function limitOutput(text: string): CutOutput | undefined {
  const total = Buffer.byteLength(text);
  const lines = countLines(text);
  if (lines <= MAX_LINES && total <= MAX_BYTES) return undefined;
  let bytes = 0;
  let end = 0;
  for (let count = 0; count < MAX_LINES; count++) {
    const next = text.indexOf('\n', count === 0 ? 0 : end + 1);
    // with the end of the line before it
    const line = text.slice(end, next < 0 ? text.length : next);
    const size = Buffer.byteLength(line);
    if (bytes + size > MAX_BYTES) return { kept: text.slice(0, end), removed: total - bytes, unit: 'bytes' };
    bytes += size;
    end += line.length;
  }
  return { kept: text.slice(0, end), removed: lines - MAX_LINES, unit: 'lines' };
}

function countLines(text: string): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}

/** The first characters of a text, and `mark` when something was cut. */
export function cutText(text: string, length: number, mark: string): string {
  // a pair of surrogates cut in the middle is no text: providers refuse it
  return text.length > length ? text.slice(0, length).toWellFormed() + mark : text;
}
