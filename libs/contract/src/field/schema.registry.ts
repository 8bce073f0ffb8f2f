import type { Item, DtoClass } from './item.js';

/** What a field decorator noted about one property. */
export interface FieldEntry {
  readonly item: Item;
  readonly optional: boolean;
  readonly description?: string;
  readonly deprecated?: boolean;
  /** Stands in the schema. */
  readonly default?: unknown;
  /** Whether reading fills `default` in. */
  readonly fillDefault: boolean;
}

/** What the decorators noted about one class, without what it inherits. */
export interface SchemaEntry {
  readonly fields: Map<string, FieldEntry>;
  /** Name of the component, when it is not the name of the class. */
  name?: string;
  /** The schema stands where it is used; there is no component. */
  inline?: boolean;
  /** Unknown keys are an error. */
  strict?: boolean;
  /** What unknown keys hold; without it they are dropped. */
  rest?: Item;
}

/** A registered symbol, so that classes of another copy of this package are understood too. */
const ENTRY = Symbol.for('opencode.contract.schema');

type Registered = DtoClass & { [ENTRY]?: SchemaEntry };

/** Every class with a field or a class decorator, in the order of definition. */
const dtos: DtoClass[] = [];

const ownEntry = (dto: DtoClass): SchemaEntry | undefined =>
  Object.hasOwn(dto, ENTRY) ? (dto as Registered)[ENTRY] : undefined;

/** The class's own entry; made when it is first asked for. */
export function entryOf(dto: DtoClass): SchemaEntry {
  const known = ownEntry(dto);
  if (known) return known;
  const entry: SchemaEntry = { fields: new Map() };
  Object.defineProperty(dto, ENTRY, { value: entry });
  dtos.push(dto);
  return entry;
}

/** The class and its ancestors, ancestors first. */
function lineage(dto: DtoClass): DtoClass[] {
  const line: DtoClass[] = [];
  for (let each: unknown = dto; typeof each === 'function' && each !== Function.prototype;) {
    line.unshift(each as DtoClass);
    each = Object.getPrototypeOf(each);
  }
  return line;
}

/** A class as its decorators and those of its ancestors describe it. */
export interface Shape {
  /** Inherited ones first. */
  readonly fields: ReadonlyMap<string, FieldEntry>;
  readonly strict: boolean;
  readonly rest?: Item;
}

const shapes = new WeakMap<DtoClass, Shape>();

/** Not to be asked before the class is complete: the answer is kept. */
export function shapeOf(dto: DtoClass): Shape {
  let shape = shapes.get(dto);
  if (!shape) shapes.set(dto, (shape = collectShape(dto)));
  return shape;
}

function collectShape(dto: DtoClass): Shape {
  const entries = lineage(dto).flatMap((each) => ownEntry(each) ?? []);
  const fields = new Map(entries.flatMap((entry) => [...entry.fields]));
  const decided = entries.findLast((entry) => entry.strict !== undefined || entry.rest !== undefined);
  return { fields, strict: decided?.strict ?? false, rest: decided?.rest };
}

/** A subclass that adds nothing has the schema of its parent: the class whose schema it is. */
function describedBy(dto: DtoClass): DtoClass {
  return lineage(dto).findLast((each) => ownEntry(each) !== undefined) ?? dto;
}

/** Name of the class's component. */
export function nameOf(dto: DtoClass): string {
  const owner = describedBy(dto);
  return ownEntry(owner)?.name ?? owner.name;
}

export const isInline = (dto: DtoClass): boolean => ownEntry(describedBy(dto))?.inline ?? false;

let byName = new Map<string, DtoClass>();
let indexed = 0;

/** The class that owns a component name: the first one defined with it. */
export function dtoNamed(name: string): DtoClass | undefined {
  if (indexed !== dtos.length) {
    byName = new Map(dtos.toReversed().map((dto) => [nameOf(dto), dto]));
    indexed = dtos.length;
  }
  return byName.get(name);
}

/**
 * Whether references to the class may go by its name. A later class of a name that is taken is written inline, so a
 * reference never points to the wrong schema.
 */
export const ownsItsName = (dto: DtoClass): boolean => dtoNamed(nameOf(dto)) === describedBy(dto);

const namedItems = new Map<string, Item>();

/** Notes a named item (union, enum, list …): one component of the document. */
export function registerNamed(name: string, item: Item): void {
  if (namedItems.has(name)) throw new Error(`Two schema items are named "${name}": give one of them another name.`);
  namedItems.set(name, item);
}

export const itemNamed = (name: string): Item | undefined => namedItems.get(name);

/** Names of every component this library can write. */
export function componentNames(): string[] {
  const names = dtos.filter((dto) => !isInline(dto)).map(nameOf);
  return [...new Set([...names, ...namedItems.keys()])];
}
