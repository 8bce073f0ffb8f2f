/** A copy that may be changed: plain objects and lists are copied, all else (functions, dates, …) is the same. */
export function mutable<T>(value: T): T {
  if (Array.isArray(value)) return value.map(mutable) as T;
  if (typeof value !== 'object' || value === null || !isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mutable(each)])) as T;
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null;
  return prototype === null || prototype.constructor?.name === 'Object';
}
