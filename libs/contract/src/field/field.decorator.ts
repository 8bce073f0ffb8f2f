import { ApiExtraModels, ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import type { Scalar } from '../issue.js';
import { FieldRule } from './field-rule.js';
import type { Item, DtoClass } from './item.js';
import { arrayItem, fieldSchema, dtoItem, recordItem } from './object.js';
import {
  anyItem,
  type BooleanRules,
  booleanItem,
  enumItem,
  literalItem,
  type NumberRules,
  numberItem,
  type StringRules,
  stringItem,
  toBoolean,
  toNumber,
} from './scalar.js';
import { entryOf, type FieldEntry } from './schema.registry.js';
import { ReferenceWriter } from './schema.writer.js';
import { nullableItem } from './union.js';

/** What every field decorator takes. */
export interface FieldOptions {
  /** May be absent; null is still refused. */
  optional?: boolean;
  /** May be null. */
  nullable?: boolean;
  /** For the document, and for the language model when the class describes a tool's input. */
  description?: string;
  deprecated?: boolean;
  /** Value of an absent optional property; filled in while reading. */
  default?: unknown;
  /** False: `default` is only documented, not filled in. */
  fillDefault?: boolean;
}

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** The TypeScript type that a property with these options must have. */
type Declared<T, O> =
  T | (O extends { nullable: true } ? null : never) | (O extends { optional: true } ? undefined : never);

/** A property decorator that only compiles on a property of exactly type `T`. */
export type FieldDecorator<T> = <C extends object, K extends keyof C & string>(
  target: C,
  key: Same<C[K], T> extends true ? K : never,
) => void;

/**
 * One property of a DTO: TypeScript type (checked), validation rule and schema in one.
 *
 * @example @Field(PartUnion, { optional: true }) part?: Part;
 */
export function Field<T, const O extends FieldOptions>(item: Item<T>, options?: O): FieldDecorator<Declared<T, O>> {
  return (target, key) => declareField(target, key, item, options ?? {});
}

/** Fields of a class whose keys are a table; the decorators are preferred wherever keys can be written out. */
export function declareField(target: object, key: string, item: Item, options: FieldOptions): void {
  const field: FieldEntry = {
    item: options.nullable ? nullableItem(item) : item,
    optional: options.optional ?? false,
    description: options.description,
    deprecated: options.deprecated,
    default: options.default,
    fillDefault: options.default !== undefined && options.fillDefault !== false,
  };
  entryOf(target.constructor as DtoClass).fields.set(key, field);
  describeToSwagger(target, key, field);
  FieldRule(field)(target, key);
}

/** What plain @nestjs/swagger shows of the field where nothing finishes the document. */
function describeToSwagger(target: object, key: string, field: FieldEntry): void {
  const writer = new ReferenceWriter();
  const { dto } = field.item;
  const schema = fieldSchema(field, writer);
  const options = dto ? { type: dto, description: field.description } : schema;
  ApiProperty({ ...options, required: !field.optional })(target, key);
  if (writer.dtos.size > 0) ApiExtraModels(...writer.dtos)(target.constructor);
}

export function StringField<const O extends FieldOptions & StringRules>(
  options?: O,
): FieldDecorator<Declared<string, O>> {
  return Field(stringItem(options), options);
}

/** With `coerce` the text of a query string is converted, here and for class-transformer. */
export function NumberField<const O extends FieldOptions & NumberRules>(
  options?: O,
): FieldDecorator<Declared<number, O>> {
  const field = Field(numberItem(options), options);
  return options?.coerce ? transformed(toNumber, field) : field;
}

/** A whole number inside the safe range. */
export function IntegerField<const O extends FieldOptions & NumberRules>(
  options?: O,
): FieldDecorator<Declared<number, O>> {
  return NumberField<O>({ ...options, int: true } as unknown as O);
}

/** A moment, in milliseconds since 1970. */
export function TimeField<const O extends FieldOptions>(options?: O): FieldDecorator<Declared<number, O>> {
  return Field(numberItem(), { description: 'Milliseconds since 1970', ...options } as unknown as O);
}

/** With `coerce` the text of a query string is converted, here and for class-transformer. */
export function BooleanField<const O extends FieldOptions & BooleanRules>(
  options?: O,
): FieldDecorator<Declared<boolean, O>> {
  const field = Field(booleanItem(options), options);
  return options?.coerce ? transformed(toBoolean, field) : field;
}

function transformed<T>(convert: (value: unknown) => unknown, field: FieldDecorator<T>): FieldDecorator<T> {
  const transform = Transform(({ value }) => convert(value));
  return (target, key) => {
    transform(target, key);
    field(target, key);
  };
}

/** Exactly one value: `const` in the schema. */
export function LiteralField<const V extends Scalar, const O extends FieldOptions>(
  value: V,
  options?: O,
): FieldDecorator<Declared<V, O>> {
  return Field(literalItem(value), options);
}

export function EnumField<const V extends readonly string[], const O extends FieldOptions>(
  values: V,
  options?: O,
): FieldDecorator<Declared<V[number], O>> {
  return Field(enumItem(values), options);
}

export function ObjectField<T extends object, const O extends FieldOptions>(
  dto: () => DtoClass<T>,
  options?: O,
): FieldDecorator<Declared<T, O>> {
  return Field(dtoItem(dto), options);
}

export function ArrayField<T, const O extends FieldOptions>(
  element: Item<T>,
  options?: O,
): FieldDecorator<Declared<T[], O>> {
  return Field(arrayItem(element), options);
}

export function RecordField<T, const O extends FieldOptions>(
  value: Item<T>,
  options?: O,
): FieldDecorator<Declared<Record<string, T>, O>> {
  return Field(recordItem(value), options);
}

export function UnionField<T, const O extends FieldOptions>(
  union: Item<T>,
  options?: O,
): FieldDecorator<Declared<T, O>> {
  return Field(union, options);
}

/** Any JSON value, passed on untouched. */
export function AnyField<const O extends FieldOptions>(options?: O): FieldDecorator<Declared<unknown, O>> {
  return Field(anyItem(), options);
}
