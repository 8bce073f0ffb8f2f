import type { Report } from '../issue.js';

/** A JSON Schema (2020-12), as plain data. */
export type JsonSchema = { [keyword: string]: unknown };

/** A DTO class. */
export type DtoClass<T extends object = object> = new () => T;

/** Decides how an item refers to classes and named items: by reference or by content. */
export interface SchemaWriter {
  dto(dto: DtoClass): JsonSchema;
  named(name: string, item: Item): JsonSchema;
}

/**
 * Describes one kind of value: its schema, and how to read it from foreign data.
 * The type parameter is the TypeScript type of a value that was read without an issue.
 */
export interface Item<T = unknown> {
  schema(writer: SchemaWriter): JsonSchema;
  /**
   * Returns the cleaned value (unknown keys dropped) and reports every issue found on the way.
   * When something was reported the result is worthless.
   */
  read(input: unknown, report: Report): T;
  /** Set when the item is one DTO class. */
  readonly dto?: () => DtoClass;
  /** Set when the item is exactly one literal: what discriminated unions look for. */
  readonly literal?: unknown;
}

/** The TypeScript type an item stands for. */
export type ItemType<I extends Item> = I extends Item<infer T> ? T : never;

/** What a reader returns after it has reported an issue. */
export const unreadable = undefined as never;
