import { type DtoClass, documentSchema, item } from '#libs/contract';
import { OPERATIONS } from './operations.js';
import { reference, type ReferenceOperation } from './reference.js';
import { sorted } from './sorted.js';

const theirs = new Map(
  Object.values(reference.paths)
    .flatMap((path) => Object.values(path))
    .map((operation) => [operation.operationId, operation]),
);

const only = (content: ReferenceOperation['requestBody']): unknown => Object.values(content?.content ?? {})[0]?.schema;

function queryOf(operation: ReferenceOperation): unknown {
  const parameters = (operation.parameters ?? []).filter((each) => each.in === 'query');
  if (parameters.length === 0) return undefined;
  const required = parameters.filter((each) => each.required).map((each) => each.name);
  return sorted({
    type: 'object',
    properties: Object.fromEntries(parameters.map((each) => [each.name, each.schema])),
    ...(required.length > 0 ? { required } : {}),
  });
}

const schemaOf = (dto: DtoClass | undefined): unknown => dto && sorted(documentSchema(item.ref(() => dto)));

describe('operations against the reference', () => {
  it('knows every operation, and no other', () => {
    expect(Object.keys(OPERATIONS).sort()).toEqual([...theirs.keys()].sort());
  });

  it.each([...theirs])('%s', (id, operation) => {
    const ours = OPERATIONS[id];
    expect(ours?.body && sorted(documentSchema(ours.body))).toEqual(sorted(only(operation.requestBody)));
    expect(ours?.ok && sorted(documentSchema(ours.ok))).toEqual(sorted(only(operation.responses['200'])));
    expect(schemaOf(ours?.query)).toEqual(queryOf(operation));
  });
});
