import { parse, type ParseError, printParseErrorCode } from 'jsonc-parser';
import { ConfigJsonError } from '#libs/contract';

/**
 * Parses JSON with comments and trailing commas. No text at all is an empty object.
 * @param original the text before placeholders were replaced: what an error shows, for their values may be secrets
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
  const shown = errors.map((error) => explain(error, text, original)).join('\n');
  const message = `\n--- JSONC Input ---\n${original}\n--- Errors ---\n${shown}\n--- End ---`;
  throw new ConfigJsonError({ path, message });
}

function explain({ error, offset }: ParseError, text: string, original: string): string {
  const before = text.slice(0, offset).split('\n');
  const line = before.length;
  const column = (before.at(-1)?.length ?? 0) + 1;
  const headline = `${printParseErrorCode(error)} at line ${line}, column ${column}`;
  const shown = original.split('\n')[line - 1];
  if (!shown) return headline;
  const prefix = `   Line ${line}: `;
  const quoted = `${headline}\n${prefix}${shown}`;
  // the column is that of the replaced text: an arrow below another one would point astray
  return text.split('\n')[line - 1] === shown ? `${quoted}\n${' '.repeat(column + 9)}^` : quoted;
}
