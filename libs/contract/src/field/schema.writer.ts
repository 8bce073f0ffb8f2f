import type { Item, JsonSchema, DtoClass, SchemaWriter } from './item.js';
import { objectSchema } from './object.js';
import { isInline, nameOf, ownsItsName } from './schema.registry.js';

const COMPONENTS = '#/components/schemas/';

/** The reference to a component. */
const componentRef = (name: string): JsonSchema => ({ $ref: `${COMPONENTS}${name}` });

/** Name of the component a `$ref` points to. */
export const componentOf = (ref: string): string | undefined =>
  ref.startsWith(COMPONENTS) ? ref.slice(COMPONENTS.length) : undefined;

/** Refers to everything by name, and notes the classes: what @nestjs/swagger wants to hear. */
export class ReferenceWriter implements SchemaWriter {
  readonly dtos = new Set<DtoClass>();

  dto(dto: DtoClass): JsonSchema {
    this.dtos.add(dto);
    return componentRef(nameOf(dto));
  }

  named(name: string): JsonSchema {
    return componentRef(name);
  }
}

/** Refers to components by name and writes inline classes out: the finished document. */
export class DocumentWriter implements SchemaWriter {
  private readonly open = new Set<DtoClass>();

  dto(dto: DtoClass): JsonSchema {
    if (!isInline(dto) && ownsItsName(dto)) return componentRef(nameOf(dto));
    if (this.open.has(dto)) {
      throw new Error(`${dto.name} contains itself and cannot be written inline: name it with @NamedSchema('…').`);
    }
    this.open.add(dto);
    try {
      return objectSchema(dto, this);
    } finally {
      this.open.delete(dto);
    }
  }

  named(name: string): JsonSchema {
    return componentRef(name);
  }
}

/** Writes everything out; only what contains itself goes to `$defs`. */
export class StandaloneWriter implements SchemaWriter {
  readonly definitions: Record<string, JsonSchema> = {};
  private readonly open = new Set<DtoClass>();
  private readonly recursive = new Set<DtoClass>();

  dto(dto: DtoClass): JsonSchema {
    const name = nameOf(dto);
    if (this.open.has(dto) || this.recursive.has(dto)) {
      this.recursive.add(dto);
      return { $ref: `#/$defs/${name}` };
    }
    this.open.add(dto);
    const schema = objectSchema(dto, this);
    this.open.delete(dto);
    if (!this.recursive.has(dto)) return schema;
    this.definitions[name] = schema;
    return { $ref: `#/$defs/${name}` };
  }

  named(_name: string, item: Item): JsonSchema {
    return item.schema(this);
  }
}
