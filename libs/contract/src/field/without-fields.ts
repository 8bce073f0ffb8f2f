import type { DtoClass } from './item.js';
import { InlineSchema } from './schema.decorator.js';
import { entryOf, shapeOf } from './schema.registry.js';

/**
 * A class to inherit from that has the fields of another one, some of them left out.
 *
 * @example class Draft extends withoutFields(Letter, 'stamp') {}
 */
export function withoutFields<T extends object, K extends keyof T & string>(
  dto: DtoClass<T>,
  ...keys: readonly K[]
): DtoClass<Omit<T, K>> {
  @InlineSchema()
  class Rest {}
  const { fields } = entryOf(Rest);
  for (const [key, field] of shapeOf(dto).fields) if (!keys.some((each) => each === key)) fields.set(key, field);
  // its fields are noted, and nothing else makes a DTO class
  return Rest as DtoClass<Omit<T, K>>;
}
