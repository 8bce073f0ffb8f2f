import { parse, type ParseError, printParseErrorCode } from 'jsonc-parser';
import { ConfigJsonError } from '#libs/contract';
import { isSecretName } from '#libs/extension';

/** What is wrong is shown so often; the rest mostly follows from that. */
const SHOWN = 20;

/**
 * Parses JSON with comments and trailing commas. No text at all is an empty object.
 * @param original the text before placeholders were replaced: what an error shows, for their values may be secrets; what
 *   has the name of a secret is hidden too
 * @throws ConfigJsonError which shows where the text is wrong
 */
export function parseJsonc(text: string, path: string, original = text): unknown {
  if (text === '') return {};
  const errors: ParseError[] = [];
  let value: unknown;
  try {
    value = parse(text, errors, { allowTrailingComma: true });
  } catch (error) {
    // the parser recurses: text nested deeply enough exhausts the stack
    throw new ConfigJsonError({ path, message: `${path} cannot be parsed: ${String(error)}` });
  }
  if (errors.length === 0) return value;
  const input = withoutSecrets(original);
  const shown = errors.slice(0, SHOWN).map((error) => explain(error, text, { original, input }));
  if (errors.length > SHOWN) shown.push(`… and ${errors.length - SHOWN} more`);
  const message = `\n--- JSONC Input ---\n${input}\n--- Errors ---\n${shown.join('\n')}\n--- End ---`;
  throw new ConfigJsonError({ path, message });
}

function explain({ error, offset }: ParseError, text: string, shown: { original: string; input: string }): string {
  const before = text.slice(0, offset).split('\n');
  const line = before.length;
  const column = (before.at(-1)?.length ?? 0) + 1;
  const headline = `${printParseErrorCode(error)} at line ${line}, column ${column}`;
  const lineOf = (source: string) => source.split('\n')[line - 1];
  const input = lineOf(shown.input);
  if (!input) return headline;
  const quoted = `${headline}\n   Line ${line}: ${input}`;
  // the column is that of the replaced text: an arrow below another one would point astray
  return lineOf(text) === lineOf(shown.original) ? `${quoted}\n${' '.repeat(column + 9)}^` : quoted;
}

/** A whole name, quoted or not, and its value up to its end, whatever is wrong with it. */
const ENTRY = /(["']?)(?<![\w.-])([\w.-]+)\1(\s*:\s*["']?)(?![\s{[])((?:[^"'\\\n]|\\.)+)/g;
const PLACEHOLDER = /^\{(?:env|file):[^}]*\}$/;

/** The text, as long as it was, with stars for what is a secret by its name. */
function withoutSecrets(text: string): string {
  return text.replace(ENTRY, (entry, quote: string, name: string, colon: string, value: string) =>
    isSecretName(name) && !PLACEHOLDER.test(value)
      ? `${quote}${name}${quote}${colon}${'*'.repeat(value.length)}`
      : entry,
  );
}
