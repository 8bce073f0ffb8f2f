export type Options = Record<string, unknown>;

/** Deep merge of plain objects into a new one; the later wins, arrays and other values replace. */
export function mergeOptions(...layers: readonly (Readonly<Options> | undefined)[]): Options {
  const result: Options = {};
  for (const layer of layers) {
    for (const [key, value] of Object.entries(layer ?? {})) {
      if (value === undefined || key === '__proto__') continue;
      const before = result[key];
      result[key] = isPlain(value) ? mergeOptions(isPlain(before) ? before : {}, value) : value;
    }
  }
  return result;
}

export function isPlain(value: unknown): value is Options {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // also true for an object of another realm
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
