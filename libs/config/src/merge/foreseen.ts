import { isDeepStrictEqual } from 'node:util';
import type { Config } from '#libs/contract';
import { isObject, type JsonObject } from '../load/json-object.js';

/** Makes the change between two states of a configuration to a third one. */
export function foreseen(config: Config, before: Config, after: Config): Config {
  return changed({ ...config }, { ...before }, { ...after });
}

function changed(value: JsonObject, before: JsonObject, after: JsonObject): JsonObject {
  const result = { ...value };
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, fresh, known] = [before[key], after[key], result[key]];
    if (isDeepStrictEqual(old, fresh)) continue;
    if (fresh === undefined) delete result[key];
    else if (isObject(fresh) && isObject(known)) result[key] = changed(known, isObject(old) ? old : {}, fresh);
    else result[key] = fresh;
  }
  return result;
}
