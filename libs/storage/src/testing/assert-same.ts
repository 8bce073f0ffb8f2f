import assert from 'node:assert/strict';

/**
 * Deep equality of JSON values. Both sides are copied first: a test runner may have realms of its own, in which even
 * two empty arrays differ by their prototype.
 */
export function assertSame(actual: unknown, expected: unknown): void {
  assert.deepEqual(plain(actual), plain(expected));
}

function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
