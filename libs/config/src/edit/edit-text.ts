import { applyEdits, type FormattingOptions, modify } from 'jsonc-parser';
import { isObject, type JsonObject } from '../load/json-object.js';
import { UNSAFE_KEY } from '../merge/merge.js';

interface Change {
  path: string[];
  value: unknown;
}

/**
 * The text of a configuration file with a patch laid over it: objects are merged, anything else is replaced. What the
 * patch does not touch stays as it is, comments and spaces included.
 * @param current what the text says
 */
export function editText(text: string, current: JsonObject, patch: JsonObject): string {
  const formattingOptions = styleOf(text);
  let result = text.trim() === '' ? '{}' : text;
  for (const { path, value } of changes(current, patch))
    result = applyEdits(result, modify(result, path, value, { formattingOptions }));
  return result;
}

function changes(current: JsonObject, patch: JsonObject, at: string[] = []): Change[] {
  return Object.entries(patch).flatMap(([key, value]) => {
    if (value === undefined || key === UNSAFE_KEY) return [];
    const known = Object.hasOwn(current, key) ? current[key] : undefined;
    const path = [...at, key];
    return isObject(value) && isObject(known) ? changes(known, value, path) : [{ path, value }];
  });
}

/** As the file is written already; two spaces in a new one. */
function styleOf(text: string): FormattingOptions {
  const indent = /^([ \t]+)"/m.exec(text)?.[1] ?? '  ';
  const insertSpaces = !indent.startsWith('\t');
  return { insertSpaces, tabSize: insertSpaces ? indent.length : 1, eol: text.includes('\r\n') ? '\r\n' : '\n' };
}
