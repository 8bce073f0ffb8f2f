import { isDeepStrictEqual } from 'node:util';
import type { ConfigLayer } from '../config.service.js';
import { isObject, type JsonObject } from '../load/json-object.js';
import { normalise } from '../load/normalise.js';
import { GROWING } from '../merge/merge.js';

/** A patch that was laid over a file. */
export interface ConfigEdit {
  readonly file: string;
  /** The layer that the file belongs to. */
  readonly place: string;
  readonly patch: JsonObject;
}

/** What a stronger source says otherwise than a file that was just edited: a sentence for each source. */
export function shadows({ file, place, patch }: ConfigEdit, layers: readonly ConfigLayer[]): string[] {
  const own = layers.findLastIndex((layer) => layer.place === place);
  if (own < 0) return [];
  const written = layers[own]?.config ?? {};
  const stronger = layers.slice(own + 1).reverse();
  const keys = new Map<string, string[]>();
  for (const path of leaves(normalise(patch))) {
    const winner = stronger.find(({ config }) => valueAt(config, path) !== undefined);
    if (!winner || isDeepStrictEqual(valueAt(winner.config, path), valueAt(written, path))) continue;
    keys.set(winner.place, [...(keys.get(winner.place) ?? []), path.join('.')]);
  }
  return [...keys].map(([by, list]) => `${by} says otherwise about ${list.join(', ')}, and wins over ${file}`);
}

/** Paths of all values that are no objects; lists that grow are never overruled. */
function leaves(patch: JsonObject, at: readonly string[] = []): string[][] {
  return Object.entries(patch).flatMap(([key, value]) => {
    if (value === undefined || (at.length === 0 && GROWING.includes(key))) return [];
    return isObject(value) ? leaves(value, [...at, key]) : [[...at, key]];
  });
}

/** What a source has at a path, or in its way. */
function valueAt(config: JsonObject, path: readonly string[]): unknown {
  let value: unknown = config;
  for (const key of path) {
    if (!isObject(value)) return value;
    value = Object.hasOwn(value, key) ? value[key] : undefined;
    if (value === undefined) return undefined;
  }
  return value;
}
