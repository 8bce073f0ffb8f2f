import { invalidType, type Report, unrecognizedKeys } from '../issue.js';
import { applyForeignRules, foreignPropertiesOf } from './foreign-rule.js';
import { type Item, type JsonSchema, type DtoClass, type SchemaWriter, unreadable } from './item.js';
import { type FieldEntry, shapeOf } from './schema.registry.js';

/** A key that would change the prototype of the object it is assigned to. */
const UNSAFE_KEY = '__proto__';

/** Objects only: no arrays, no null. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const ownValue = (input: Record<string, unknown>, key: string): unknown =>
  Object.hasOwn(input, key) ? input[key] : undefined;

function readField(field: FieldEntry, input: unknown, report: Report): unknown {
  if (input !== undefined || !field.optional) return field.item.read(input, report);
  return field.fillDefault ? structuredClone(field.default) : undefined;
}

/** Reads an instance of a DTO class: own known keys in the order of the input, then defaults. */
export function readDto<T extends object>(dto: DtoClass<T>, input: unknown, report: Report): T {
  if (!isObject(input)) {
    report.add(invalidType('object', input));
    return unreadable;
  }
  const before = report.issues.length;
  const shape = shapeOf(dto);
  const { fields, strict, rest } = shape;
  const values = new Map<string, unknown>();
  for (const [key, field] of fields) values.set(key, readField(field, ownValue(input, key), report.at(key)));

  const others = Object.keys(input).filter((key) => !fields.has(key) && !foreignPropertiesOf(dto).has(key));
  if (strict && others.length > 0) report.add(unrecognizedKeys(others));
  if (rest) {
    for (const key of others) if (key !== UNSAFE_KEY) values.set(key, rest.read(input[key], report.at(key)));
  }

  const instance = new dto();
  const target = instance as Record<string, unknown>;
  for (const key of [...Object.keys(input), ...fields.keys()]) {
    const value = values.get(key);
    if (value !== undefined) target[key] = value;
  }
  applyForeignRules({ dto, instance, input }, shape, report);
  return report.issues.length > before ? unreadable : instance;
}

/** The schema of a class's content, wherever it is going to stand. */
export function objectSchema(dto: DtoClass, writer: SchemaWriter): JsonSchema {
  const { strict, rest, ...shape } = shapeOf(dto);
  const fields = [...shape.fields];
  const required = fields.filter(([, field]) => !field.optional).map(([key]) => key);
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(([key, field]) => [key, fieldSchema(field, writer)])),
    ...(required.length > 0 ? { required } : {}),
    ...(strict ? { additionalProperties: false } : {}),
    ...(rest ? { additionalProperties: rest.schema(writer) } : {}),
  };
}

/** The schema of one property. */
export function fieldSchema(field: FieldEntry, writer: SchemaWriter): JsonSchema {
  return {
    ...field.item.schema(writer),
    ...(field.description === undefined ? {} : { description: field.description }),
    ...(field.deprecated ? { deprecated: true } : {}),
    ...(field.default === undefined ? {} : { default: field.default }),
  };
}

export function dtoItem<T extends object>(dto: () => DtoClass<T>): Item<T> {
  return {
    dto,
    schema: (writer) => writer.dto(dto()),
    read: (input, report) => readDto(dto(), input, report),
  };
}

export function recordItem<T>(value: Item<T>): Item<Record<string, T>> {
  return {
    schema: (writer) => ({
      type: 'object',
      propertyNames: { type: 'string' },
      additionalProperties: value.schema(writer),
    }),
    read(input, report) {
      if (!isObject(input)) {
        report.add(invalidType('record', input));
        return unreadable;
      }
      const record: Record<string, T> = {};
      for (const key of Object.keys(input)) {
        if (key !== UNSAFE_KEY) record[key] = value.read(input[key], report.at(key));
      }
      return record;
    },
  };
}

export function arrayItem<T>(element: Item<T>): Item<T[]> {
  return {
    schema: (writer) => ({ type: 'array', items: element.schema(writer) }),
    read(input, report) {
      if (!Array.isArray(input)) {
        report.add(invalidType('array', input));
        return unreadable;
      }
      return input.map((each, index) => element.read(each, report.at(index)));
    },
  };
}
