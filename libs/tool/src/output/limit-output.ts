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

/** The head of a text within the limits; undefined when all of it is. */
export function limitOutput(text: string): CutOutput | undefined {
  const lines = text.split('\n');
  const total = Buffer.byteLength(text);
  if (lines.length <= MAX_LINES && total <= MAX_BYTES) return undefined;
  let bytes = 0;
  let count = 0;
  for (const line of lines.slice(0, MAX_LINES)) {
    const size = Buffer.byteLength(line) + (count > 0 ? 1 : 0);
    if (bytes + size > MAX_BYTES)
      return { kept: lines.slice(0, count).join('\n'), removed: total - bytes, unit: 'bytes' };
    bytes += size;
    count++;
  }
  return { kept: lines.slice(0, count).join('\n'), removed: lines.length - count, unit: 'lines' };
}

/** The first characters of a text, and `mark` when something was cut. */
export function cutText(text: string, length: number, mark: string): string {
  // a pair of surrogates cut in the middle is no text: providers refuse it
  return text.length > length ? text.slice(0, length).toWellFormed() + mark : text;
}
