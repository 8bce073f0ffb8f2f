import { parse } from 'yaml';

export interface MarkdownDocument {
  /** What the front matter says; empty without one. */
  data: Record<string, unknown>;
  /** The text behind it. */
  body: string;
  /** The line of a key of the front matter, counted from one. */
  readonly lineOf: (key: string) => number | undefined;
}

const FRONT_MATTER = /^\uFEFF?---[ \t]*\r?\n(?:([\s\S]*?)\r?\n)?---[ \t]*(?:\r?\n|$)/;
/** A value with a colon, which YAML wants in quotes and people do not write in quotes. */
const LOOSE = /^([A-Za-z_][\w-]*):[ \t]+(?![ \t"'[{|>&*!])(.*:.*)$/gm;

/** Splits a Markdown file. Throws when its front matter is no YAML mapping. */
export function readFrontMatter(text: string): MarkdownDocument {
  const found = FRONT_MATTER.exec(text);
  if (!found) return { data: {}, body: text, lineOf: () => undefined };
  const data = parseLoosely(found[1] ?? '') ?? {};
  if (typeof data !== 'object' || Array.isArray(data))
    throw new Error('The front matter must be a list of "key: value" lines');
  const lines = found[0].split('\n');
  const lineOf = (key: string) => lines.findIndex((line) => line.startsWith(`${key}:`)) + 1 || undefined;
  return { data: data as Record<string, unknown>, body: text.slice(found[0].length), lineOf };
}

function parseLoosely(yaml: string): unknown {
  // few aliases: they could grow without end
  const options = { maxAliasCount: 10, logLevel: 'error' } as const;
  try {
    return parse(yaml, options);
  } catch (error) {
    const quoted = yaml.replace(LOOSE, (_, key: string, value: string) => `${key}: ${JSON.stringify(value.trim())}`);
    if (quoted === yaml) throw error;
    return parse(quoted, options);
  }
}
