/** A JSON object as it is merged: plain, own keys only. */
export type JsonObject = Record<string, unknown>;

/** Objects only: no arrays, no null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
