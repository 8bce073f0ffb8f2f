/**
 * A path as git prints it when it may quote: plain, or in double quotes with escapes for control characters, quotes,
 * backslashes and every byte above 0x7f. Unlike the raw bytes it survives decoding as text, whatever the encoding of
 * the name, and git reads it back from standard input.
 */
export type QuotedPath = string;

const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, '\\': 92 };

/** The lines of git's output. */
export function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** The bytes of a path. */
export function bytesOf(path: QuotedPath): Buffer {
  if (!path.startsWith('"')) return Buffer.from(path);
  const bytes: number[] = [];
  for (let at = 1; at < path.length - 1; at++) {
    const sign = path.charAt(at);
    if (sign !== '\\') {
      bytes.push(sign.charCodeAt(0));
      continue;
    }
    const escaped = path.charAt(++at);
    const simple = ESCAPES[escaped];
    if (simple !== undefined) bytes.push(simple);
    else {
      bytes.push(Number.parseInt(path.slice(at, at + 3), 8));
      at += 2;
    }
  }
  return Buffer.from(bytes);
}

/** The path for people and for the API; bytes that are no UTF-8 become replacement characters. */
export function textOf(path: QuotedPath): string {
  return path.startsWith('"') ? bytesOf(path).toString('utf8') : path;
}
