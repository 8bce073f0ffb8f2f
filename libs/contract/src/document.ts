import type { OpenAPIObject } from '@nestjs/swagger';
import type { Item, JsonSchema } from './field/item.js';
import { objectSchema } from './field/object.js';
import { componentNames, dtoNamed, isInline, itemNamed } from './field/schema.registry.js';
import { componentOf, DocumentWriter } from './field/schema.writer.js';

const writer = new DocumentWriter();

/**
 * The schema of an item as it stands in a document: components by reference, inline classes written out.
 *
 * @example @ApiOkResponse({ schema: documentSchema(item.array(PartUnion)) })
 */
export const documentSchema = (item: Item): JsonSchema => item.schema(writer);

/** The content of a component, or undefined when this library does not know the name. */
function componentSchema(name: string): JsonSchema | undefined {
  const dto = dtoNamed(name);
  return dto ? objectSchema(dto, writer) : itemNamed(name)?.schema(writer);
}

/**
 * Every component this library can write, by name.
 *
 * @internal
 */
export function allComponents(): Record<string, JsonSchema> {
  return Object.fromEntries(componentNames().map((name) => [name, componentSchema(name) ?? {}]));
}

/**
 * Finishes a document of @nestjs/swagger: references to inline classes are replaced by their content, components that
 * are referred to but missing (unions, lists, events) are added, and those of DTO classes are written from the fields.
 * Components this library does not know stay as they are. The given document is not changed.
 *
 * @example finishDocument(SwaggerModule.createDocument(app, options))
 */
export function finishDocument(document: OpenAPIObject): OpenAPIObject {
  const { schemas: given = {}, ...otherComponents } = document.components ?? {};
  const kept = Object.keys(given).filter((name) => !isInlineName(name));
  const { components: _components, ...rest } = document;
  const body = resolve(rest) as Omit<OpenAPIObject, 'components'>;

  const schemas: Record<string, JsonSchema> = {};
  const waiting = new Set([...references(body), ...kept]);
  for (const name of waiting) {
    const schema = componentSchema(name) ?? (given[name] && (resolve(given[name]) as JsonSchema));
    if (!schema) continue;
    schemas[name] = schema;
    for (const reference of references(schema)) waiting.add(reference);
  }
  return { ...body, components: { ...otherComponents, schemas: schemas } };
}

function isInlineName(name: string): boolean {
  const dto = dtoNamed(name);
  return dto !== undefined && isInline(dto);
}

/** A copy in which references to inline classes are written out. */
function resolve(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(resolve);
  if (typeof node !== 'object' || node === null) return node;
  const { $ref } = node as { $ref?: unknown };
  const dto = typeof $ref === 'string' ? dtoNamed(componentOf($ref) ?? '') : undefined;
  if (dto && isInline(dto)) {
    const { $ref: _ref, ...siblings } = node as JsonSchema;
    return { ...objectSchema(dto, writer), ...(resolve(siblings) as JsonSchema) };
  }
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, resolve(value)]));
}

/** Names of the components a piece of a document refers to. */
function* references(node: unknown): Generator<string> {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    const name = key === '$ref' && typeof value === 'string' ? componentOf(value) : undefined;
    if (name !== undefined) yield name;
    else yield* references(value);
  }
}
