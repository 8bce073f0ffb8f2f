import { type Issue, invalidType, noDiscriminator, noUnionMember, Report } from '../issue.js';
import { type Item, type ItemType, type DtoClass, unreadable } from './item.js';
import { isObject, dtoItem } from './object.js';
import { registerNamed, shapeOf } from './schema.registry.js';

/** Limits that were missed leave the kind of value recognised; any other issue means it is of another kind. */
const isLimit = (issue: Issue): boolean =>
  issue.code === 'too_small' || issue.code === 'too_big' || issue.code === 'invalid_format';

/** The first member that accepts the value. */
export function unionItem<const M extends readonly Item[]>(...members: M): Item<ItemType<M[number]>> {
  return {
    schema: (writer) => ({ anyOf: members.map((member) => member.schema(writer)) }),
    read(input, report) {
      const attempts: Issue[][] = [];
      for (const member of members) {
        const attempt = new Report([], []);
        const value = member.read(input, attempt);
        if (attempt.issues.length === 0) return value as ItemType<M[number]>;
        attempts.push(attempt.issues);
      }
      const near = attempts.filter((issues) => issues.every(isLimit));
      if (near.length === 1) {
        for (const issue of near[0] ?? []) report.issues.push({ ...issue, path: [...report.path, ...issue.path] });
      } else {
        report.add(noUnionMember(attempts));
      }
      return unreadable;
    },
  };
}

/** DTO classes told apart by a property that holds another literal in each of them. */
export function discriminatedItem<const M extends readonly DtoClass[]>(
  key: string,
  dtos: () => M,
): Item<InstanceType<M[number]>> {
  let members: Map<unknown, Item> | undefined;
  const byLiteral = (): Map<unknown, Item> => {
    members ??= new Map(dtos().map((dto) => [literalOf(dto, key), dtoItem(() => dto)]));
    return members;
  };
  return {
    schema: (writer) => ({ anyOf: dtos().map((dto) => writer.dto(dto)) }),
    read(input, report) {
      if (!isObject(input)) {
        report.add(invalidType('object', input));
        return unreadable;
      }
      const member = Object.hasOwn(input, key) ? byLiteral().get(input[key]) : undefined;
      if (member) return member.read(input, report) as InstanceType<M[number]>;
      report.at(key).add(noDiscriminator(key));
      return unreadable;
    },
  };
}

function literalOf(dto: DtoClass, key: string): unknown {
  const literal = shapeOf(dto).fields.get(key)?.item.literal;
  if (literal === undefined) {
    throw new Error(`${dto.name} cannot be told apart by "${key}": declare it with @LiteralField('…').`);
  }
  return literal;
}

/** Gives an item a name: it becomes a component of the document, and is referred to by that name. */
export function namedItem<T>(name: string, item: Item<T>): Item<T> {
  registerNamed(name, item);
  return { schema: (writer) => writer.named(name, item), read: (input, report) => item.read(input, report) };
}

export function nullableItem<T>(item: Item<T>): Item<T | null> {
  return {
    schema: (writer) => ({ anyOf: [item.schema(writer), { type: 'null' }] }),
    read: (input, report) => (input === null ? null : item.read(input, report)),
  };
}
