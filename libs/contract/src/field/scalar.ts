import {
  invalidType,
  invalidValue,
  missingPrefix,
  notAnInteger,
  patternMismatch,
  tooBig,
  tooSmall,
  type Scalar,
} from '../issue.js';
import { type Item, type JsonSchema, unreadable } from './item.js';

/** Limits of a string. */
export interface StringRules {
  /** Text the value begins with, such as the prefix of an id. */
  startsWith?: string;
  pattern?: RegExp;
  minLength?: number;
  maxLength?: number;
}

/** Limits of a number. */
export interface NumberRules {
  int?: boolean;
  min?: number;
  max?: number;
  exclusiveMin?: number;
  /** The value comes from a query string: text is converted first. */
  coerce?: boolean;
}

/** How a boolean is read. */
export interface BooleanRules {
  /** The value comes from a query string: `false`, `0` and nothing are false, any other text is true. */
  coerce?: boolean;
}

/** Leaves out the keywords that are not set. */
const keywords = (schema: JsonSchema): JsonSchema =>
  Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined));

export function stringItem(rules: StringRules = {}): Item<string> {
  const { startsWith, pattern, minLength, maxLength } = rules;
  return {
    schema: () =>
      keywords({
        type: 'string',
        pattern: startsWith === undefined ? pattern?.source : `^${startsWith}.*`,
        minLength,
        maxLength,
      }),
    read(input, report) {
      if (typeof input !== 'string') {
        report.add(invalidType('string', input));
        return unreadable;
      }
      if (minLength !== undefined && input.length < minLength) report.add(tooSmall('string', minLength));
      if (maxLength !== undefined && input.length > maxLength) report.add(tooBig('string', maxLength));
      if (startsWith !== undefined && !input.startsWith(startsWith)) report.add(missingPrefix(startsWith));
      if (pattern && !pattern.test(input)) report.add(patternMismatch(pattern));
      return input;
    },
  };
}

/** Text of a query string as a number; anything else comes back as it is. */
export const toNumber = (input: unknown): unknown => (typeof input === 'string' ? Number(input) : input);

const FALSE = new Set(['', '0', 'false']);
/** Text of a query string as a boolean; anything else comes back as it is. */
export const toBoolean = (input: unknown): unknown =>
  typeof input === 'string' ? !FALSE.has(input.trim().toLowerCase()) : input;

export function numberItem(rules: NumberRules = {}): Item<number> {
  const { int = false, coerce = false, exclusiveMin } = rules;
  const min = rules.min ?? (int && exclusiveMin === undefined ? Number.MIN_SAFE_INTEGER : undefined);
  const max = rules.max ?? (int ? Number.MAX_SAFE_INTEGER : undefined);
  return {
    schema: () =>
      keywords({
        type: int ? 'integer' : 'number',
        exclusiveMinimum: exclusiveMin,
        minimum: min,
        maximum: max,
      }),
    read(input, report) {
      const value = coerce ? toNumber(input) : input;
      if (typeof value !== 'number' || !Number.isFinite(value)) {
        report.add(invalidType('number', value));
        return unreadable;
      }
      if (int && !Number.isInteger(value)) {
        report.add(notAnInteger());
        return unreadable;
      }
      if (exclusiveMin !== undefined && value <= exclusiveMin) report.add(tooSmall('number', exclusiveMin, false));
      if (min !== undefined && value < min) report.add(tooSmall('number', min));
      if (max !== undefined && value > max) report.add(tooBig('number', max));
      return value;
    },
  };
}

export function booleanItem(rules: BooleanRules = {}): Item<boolean> {
  return {
    schema: () => ({ type: 'boolean' }),
    read(input, report) {
      const value = rules.coerce ? toBoolean(input) : input;
      if (typeof value === 'boolean') return value;
      report.add(invalidType('boolean', value));
      return unreadable;
    },
  };
}

export function literalItem<const T extends Scalar>(literal: T): Item<T> {
  return {
    literal,
    schema: () => ({ type: typeof literal, const: literal }),
    read(input, report) {
      if (input !== literal) report.add(invalidValue([literal]));
      return literal;
    },
  };
}

export function enumItem<const T extends readonly string[]>(values: T): Item<T[number]> {
  const allowed = new Set<unknown>(values);
  return {
    schema: () => ({ type: 'string', enum: [...values] }),
    read(input, report) {
      if (!allowed.has(input)) report.add(invalidValue(values));
      return input as T[number];
    },
  };
}

/** Any JSON value; passed on untouched. */
export function anyItem(): Item {
  return { schema: () => ({}), read: (input) => input };
}
