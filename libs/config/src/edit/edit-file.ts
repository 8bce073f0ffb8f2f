import { isDeepStrictEqual } from 'node:util';
import { ConfigInvalidError, type Config } from '#libs/contract';
import { isObject, type JsonObject } from '../load/json-object.js';
import type { LoadContext } from '../load/load-context.js';
import { CONFIG_SCHEMA } from '../load/load-file.js';
import { parseJsonc } from '../load/parse-jsonc.js';
import { readConfigText } from '../load/read-text.js';
import { substitute } from '../load/substitute.js';
import { validateText } from '../load/validate.js';
import { mergeDeep } from '../merge/merge.js';
import { editText } from './edit-text.js';
import { replaceFile } from './replace-file.js';

/**
 * Lays a patch over a configuration file, which is made when it is missing. Resolves to what the file says then,
 * placeholders not replaced. Nothing is written when the file cannot be parsed, or would not be valid afterwards.
 * @throws ConfigJsonError, ConfigInvalidError, WireError `ConfigWriteError`
 */
export async function editFile(path: string, patch: Config, context: LoadContext): Promise<JsonObject> {
  const stored = await readConfigText(path);
  const text = stored ?? `{\n  "$schema": "${CONFIG_SCHEMA}"\n}\n`;
  const parse = async (source: string) => parseJsonc(await substitute(source, path, context), path, source);

  const before = await parse(text);
  if (!isObject(before)) validateText(before, { path, text, original: text });
  const current = isObject(before) ? before : {};
  const next = editText(text, current, { ...patch });
  const after = await parse(next).catch(() => undefined);
  const wanted = mergeDeep(current, (await parse(JSON.stringify(patch))) as JsonObject);
  if (!isDeepStrictEqual(after, wanted))
    throw new ConfigInvalidError({
      path,
      message: 'The file is written in a way that cannot be changed: edit it by hand',
    });
  validateText(after, { path, text: next, original: next });
  if (next !== stored) await replaceFile(path, next);
  return asWritten(next, path) ?? { ...patch };
}

/** What a text says, its placeholders left alone; undefined when it is no JSON without their values. */
function asWritten(text: string, path: string): JsonObject | undefined {
  try {
    const value = parseJsonc(text, path);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
