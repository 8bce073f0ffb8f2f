import { foreignPropertiesOf } from './field/foreign-rule.js';
import type { DtoClass, JsonSchema } from './field/item.js';
import { objectSchema } from './field/object.js';
import { shapeOf } from './field/schema.registry.js';
import { StandaloneWriter } from './field/schema.writer.js';

/**
 * The self-contained JSON Schema (2020-12) of a DTO class, as language models and MCP clients take it: nothing is
 * referred to from outside, and the top level allows no other keys.
 *
 * @example toJsonSchema(ReadInput) // { type: 'object', properties: { filePath: … }, additionalProperties: false }
 */
export function toJsonSchema(dto: DtoClass): JsonSchema {
  const { fields } = shapeOf(dto);
  const undescribed = [...foreignPropertiesOf(dto)].filter((key) => !fields.has(key));
  if (undescribed.length > 0) {
    throw new Error(
      `${dto.name} has no schema for ${undescribed.join(', ')}: declare these properties with field decorators ` +
        `(@StringField(), @NumberField(), …) instead of class-validator's alone.`,
    );
  }
  const writer = new StandaloneWriter();
  const schema = { ...(simplify(objectSchema(dto, writer)) as JsonSchema), additionalProperties: false };
  const definitions = Object.entries(writer.definitions);
  if (definitions.length === 0) return schema;
  return { ...schema, $defs: Object.fromEntries(definitions.map(([name, each]) => [name, simplify(each)])) };
}

/** Keywords that say nothing a reader needs, and that some model providers refuse. */
function isNoise(key: string, value: unknown): boolean {
  return (
    (key === 'minimum' && value === Number.MIN_SAFE_INTEGER) ||
    (key === 'maximum' && value === Number.MAX_SAFE_INTEGER) ||
    (key === 'propertyNames' && JSON.stringify(value) === '{"type":"string"}')
  );
}

function simplify(node: unknown, isKeywords = true): unknown {
  if (Array.isArray(node)) return node.map((each) => simplify(each));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key, value]) => !isKeywords || !isNoise(key, value))
      .map(([key, value]) => [key, key === 'default' ? value : simplify(value, !isKeywords || key !== 'properties')]),
  );
}
