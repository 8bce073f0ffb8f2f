/** A value in a template: text, a list of texts, or `{ raw }` for a piece of shell script. */
export type ShellValue = unknown;

export interface ShellScript {
  /** Text for `sh -c`; the values are its parameters. */
  script: string;
  parameters: string[];
}

/** Where in a script a place is: what quotes are open, innermost last. */
type Quote = '"' | "'" | '(' | '`';

/**
 * A template as a script that never contains the values: they are parameters of the shell, which does not parse them
 * again, whatever quotes stand around them.
 */
export function shellScript(strings: readonly string[], values: readonly ShellValue[]): ShellScript {
  const parameters: string[] = [];
  const open: Quote[] = [];
  let script = '';
  strings.forEach((text, index) => {
    script += text;
    follow(open, text);
    if (index >= values.length) return;
    const value = values[index];
    if (isRaw(value)) {
      script += value.raw;
      follow(open, value.raw);
      return;
    }
    const places = textsOf(value).map((each) => `\${${parameters.push(each)}}`);
    script += quoted(places, open.at(-1));
  });
  return { script, parameters };
}

function quoted(places: readonly string[], quote: Quote | undefined): string {
  if (quote === '"') return places.join(' ');
  if (quote === "'") return `'"${places.join(' ')}"'`;
  return places.map((place) => `"${place}"`).join(' ');
}

function textsOf(value: ShellValue): string[] {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  const text: unknown = (value as { toString?(): unknown } | null | undefined)?.toString?.() ?? String(value);
  if (typeof text !== 'string' || text.startsWith('[object '))
    throw new TypeError(
      'A value of $`…` is a text, a number, a list of them, or { raw: "…" }; streams are not supported.',
    );
  return [text];
}

const isRaw = (value: ShellValue): value is { raw: string } =>
  typeof value === 'object' && value !== null && 'raw' in value && typeof value.raw === 'string';

function follow(open: Quote[], text: string): void {
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    const inner = open.at(-1);
    if (inner === "'") {
      if (char === "'") open.pop();
    } else if (char === '\\') at++;
    else if (char === '"' || char === '`') {
      if (inner === char) open.pop();
      else open.push(char);
    } else if (char === "'" && inner !== '"') open.push(char);
    else if (char === '(' && (inner !== '"' || text.charAt(at - 1) === '$')) open.push('(');
    else if (char === ')' && inner === '(') open.pop();
  }
}
