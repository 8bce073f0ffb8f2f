import { isObject, type JsonObject } from '../load/json-object.js';

/** It would change the prototype of the object it is assigned to. */
export const UNSAFE_KEY = '__proto__';

/** Lists that grow from source to source; every other list replaces the earlier one. */
export const GROWING = ['plugin', 'instructions'];

/** Lays `over` on `base`: objects are merged, anything else is replaced; keys keep the place of their first mention. */
export function mergeDeep(base: JsonObject, over: JsonObject): JsonObject {
  const result: JsonObject = { ...base };
  for (const [key, value] of Object.entries(over)) {
    if (value === undefined || key === UNSAFE_KEY) continue;
    const known = result[key];
    result[key] = isObject(value) ? mergeDeep(isObject(known) ? known : {}, value) : value;
  }
  return result;
}

/** The same for two configurations, where plugins and instructions are collected. */
export function mergeConfig(base: JsonObject, over: JsonObject): JsonObject {
  const result = mergeDeep(base, over);
  for (const key of GROWING) {
    const [before, after]: unknown[] = [base[key], over[key]];
    if (Array.isArray(before) && Array.isArray(after)) result[key] = [...new Set<unknown>(before.concat(after))];
  }
  return result;
}
