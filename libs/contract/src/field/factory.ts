import { arrayItem, dtoItem, recordItem } from './object.js';
import { anyItem, booleanItem, enumItem, literalItem, numberItem, stringItem } from './scalar.js';
import { discriminatedItem, namedItem, nullableItem, unionItem } from './union.js';

/**
 * Describes values inside arrays, records and unions, where no decorator can stand.
 *
 * @example item.record(item.array(item.ref(() => FilePart)))
 * @publicApi
 */
export const item = {
  any: anyItem,
  string: stringItem,
  number: numberItem,
  boolean: booleanItem,
  literal: literalItem,
  enum: enumItem,
  ref: dtoItem,
  array: arrayItem,
  record: recordItem,
  union: unionItem,
  discriminated: discriminatedItem,
  named: namedItem,
  nullable: nullableItem,
} as const;
