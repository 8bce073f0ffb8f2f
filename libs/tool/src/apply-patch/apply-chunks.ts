import type { LineChange, PatchChunk } from './parse-patch.js';

/** How a line is compared, from strict to loose. */
const COMPARISONS: readonly ((line: string) => string)[] = [
  (line) => line,
  (line) => line.trimEnd(),
  (line) => line.trim(),
  (line) => plainCharacters(line.trim()),
];

const BYTE_ORDER_MARK = '\uFEFF';

/**
 * A text with the changes of a patch. It ends in a line end. Texts whose lines all end in CR LF keep these, and a byte
 * order mark stays.
 * @param path for the error
 * @throws Error when a place is not found
 */
export function applyChunks(text: string, chunks: readonly PatchChunk[], path: string): string {
  const mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
  const windows = text.includes('\r\n') && !/(?<!\r)\n/.test(text);
  const body = text.slice(mark.length);
  const lines = (windows ? body.replaceAll('\r\n', '\n') : body).split('\n');
  if (lines.at(-1) === '') lines.pop();
  const result: string[] = [];
  const appended: string[] = [];
  /** Lines before this one are done. */
  let done = 0;
  for (const { context, before, after, dense, atEnd } of chunks) {
    let from = done;
    if (context !== undefined) {
      const at = find(lines, [context], from, false);
      if (at < 0) throw new Error(`Failed to find context '${context}' in ${path}`);
      from = at + 1;
    }
    if (before.length === 0) {
      appended.push(...after);
      // what is above the context line can no longer change
      result.push(...lines.slice(done, from));
      done = from;
      continue;
    }
    const place = locate(lines, { before, after }, from, atEnd) ?? (dense && locate(lines, dense, from, atEnd));
    if (!place) throw new Error(`Failed to find expected lines in ${path}:\n${before.join('\n')}`);
    result.push(...lines.slice(done, place.at), ...place.after);
    done = place.at + place.length;
  }
  result.push(...lines.slice(done), ...appended);
  const end = windows ? '\r\n' : '\n';
  return mark + result.map((line) => line + end).join('');
}

interface Place {
  at: number;
  length: number;
  after: string[];
}

function locate(
  lines: readonly string[],
  { before, after }: LineChange,
  from: number,
  atEnd: boolean,
): Place | undefined {
  const at = find(lines, before, from, atEnd);
  if (at >= 0) return { at, length: before.length, after };
  // an empty last line often stands for the end of the file
  if (before.length < 2 || before.at(-1) !== '') return undefined;
  const shorter = before.slice(0, -1);
  const found = find(lines, shorter, from, atEnd);
  if (found < 0) return undefined;
  return { at: found, length: shorter.length, after: after.at(-1) === '' ? after.slice(0, -1) : after };
}

/** Where the wanted lines begin, at or behind `from`; -1 when they are nowhere. */
function find(lines: readonly string[], wanted: readonly string[], from: number, atEnd: boolean): number {
  const last = lines.length - wanted.length;
  if (last < from) return -1;
  for (const form of COMPARISONS) {
    const target = wanted.map(form);
    const first = target[0];
    const fits = (at: number) => target.every((line, index) => form(lines[at + index] ?? '') === line);
    if (atEnd && fits(last)) return last;
    for (let at = from; at <= last; at++) if (form(lines[at] ?? '') === first && fits(at)) return at;
  }
  return -1;
}

/** Typographic characters as people type them. */
function plainCharacters(text: string): string {
  return text
    .replace(/[\u2018\u2019\u201A\u201B]/g, "'")
    .replace(/[\u201C\u201D\u201E\u201F]/g, '"')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replaceAll('\u2026', '...')
    .replace(/[\u00A0\u2002-\u200A\u202F\u205F\u3000]/g, ' ');
}
