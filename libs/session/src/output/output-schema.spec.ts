import { compileOutputSchema, toolSchema } from './output-schema.js';

describe('compileOutputSchema', () => {
  it('tells what is wrong, by name', async () => {
    const check = await compileOutputSchema({
      $schema: 'http://json-schema.org/draft-07/schema#',
      properties: { a: { enum: ['x'] }, b: { type: 'integer' } },
      required: ['b'],
      additionalProperties: false,
    });
    expect(check({ b: 1 })).toBeUndefined();
    expect(check({ a: 'y', c: 1 })?.split('\n')).toEqual([
      "- the answer must have required property 'b'",
      '- the answer must NOT have additional properties (c)',
      '- /a must be equal to one of the allowed values ["x"]',
    ]);
  });

  it('does not let a pattern of the client hold up the server', async () => {
    const check = await compileOutputSchema({ properties: { a: { type: 'string', pattern: '^(a+)+$' } } });
    expect(check({ a: 'aaa' })).toBeUndefined();
    // undecided in time: as good as no match
    expect(check({ a: `${'a'.repeat(60)}!` })).toMatch('/a must match pattern');
    expect(check({ a: 'aaaa' })).toBeUndefined();
  });

  it.each([
    ['2020-12', { properties: { p: { prefixItems: [{ type: 'string' }] } } }],
    ['draft 7', { properties: { p: { type: 'array', items: [{ type: 'string' }] } } }],
  ])('knows tuples of %s', async (_, schema) => {
    const check = await compileOutputSchema(schema);
    expect([check({ p: ['a'] }), check({ p: [1] })]).toEqual([undefined, '- /p/0 must be string']);
  });

  it('ignores unknown words and formats', async () => {
    const check = await compileOutputSchema({ hint: 1, properties: { a: { type: 'string', format: 'odd' } } });
    expect(check({ a: 'x' })).toBeUndefined();
  });

  it.each([[{ type: 'string' }], [{ properties: 1 }], [{ $ref: 'http://example.com/x.json' }]])(
    'refuses %j',
    async (schema) => {
      await expect(compileOutputSchema(schema)).rejects.toMatchObject({ name: 'InvalidRequestError' });
    },
  );
});

describe('toolSchema', () => {
  it('is the schema of an object', () =>
    expect(toolSchema({ $schema: 'x', properties: {} })).toEqual({ type: 'object', properties: {} }));
});
