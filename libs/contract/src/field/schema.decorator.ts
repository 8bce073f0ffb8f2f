import { ApiSchema } from '@nestjs/swagger';
import type { Item, DtoClass } from './item.js';
import { entryOf } from './schema.registry.js';

/** Names the component of a class whose name on the wire differs from the name in code. */
export function NamedSchema(name: string): (target: DtoClass) => void {
  return (target) => {
    entryOf(target).name = name;
    ApiSchema({ name })(target);
  };
}

/** The schema of the class stands where it is used; the document has no component of it. */
export function InlineSchema(): (target: DtoClass) => void {
  return (target) => {
    entryOf(target).inline = true;
  };
}

/** Unknown keys are an error instead of being dropped. */
export function StrictSchema(): (target: DtoClass) => void {
  return (target) => {
    entryOf(target).strict = true;
  };
}

/** Unknown keys are kept, each read as `rest`. The class declares an index signature. */
export function OpenSchema(rest: Item): (target: DtoClass) => void {
  return (target) => {
    entryOf(target).rest = rest;
  };
}
