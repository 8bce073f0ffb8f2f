import type { TextMatch } from '#libs/contract';

/** Text, or base64 of bytes that are no UTF-8. */
type Wrapped = { text: string } | { bytes: string };

interface MatchRecord {
  type: string;
  data: {
    path: Wrapped;
    lines: Wrapped;
    line_number: number | null;
    absolute_offset: number;
    submatches: { match: Wrapped; start: number; end: number }[];
  };
}

/** A match out of one line of `rg --json`; undefined for other records, and for one that was cut off. */
export function textMatch(line: string): TextMatch | undefined {
  if (!line.startsWith('{"type":"match"') || !line.endsWith('}')) return undefined;
  const { data } = JSON.parse(line) as MatchRecord;
  return {
    path: { text: textOf(data.path).replace(/^\.[/\\]/, '') },
    lines: { text: textOf(data.lines) },
    line_number: data.line_number ?? 0,
    absolute_offset: data.absolute_offset,
    submatches: data.submatches.map(({ match, start, end }) => ({ match: { text: textOf(match) }, start, end })),
  };
}

const textOf = (wrapped: Wrapped): string =>
  'text' in wrapped ? wrapped.text : Buffer.from(wrapped.bytes, 'base64').toString('utf8');
