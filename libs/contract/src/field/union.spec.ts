import { validateItem } from '../validation.js';
import { item } from './factory.js';
import { LiteralField, NumberField, StringField } from './field.decorator.js';
import { InlineSchema } from './schema.decorator.js';

@InlineSchema()
class Circle {
  @LiteralField('circle')
  type: 'circle';

  @NumberField()
  radius: number;
}

@InlineSchema()
class Label {
  @LiteralField('label')
  type: 'label';

  @StringField()
  text: string;
}

const Shape = item.discriminated('type', () => [Circle, Label]);

describe('discriminated unions', () => {
  it('read the member the literal names', () => {
    const { value } = validateItem(Shape, { type: 'circle', radius: 1, text: 'dropped' });
    expect(value).toEqual({ type: 'circle', radius: 1 });
    expect(value).toBeInstanceOf(Circle);
  });

  it('report the member’s issues at their place', () => {
    expect(validateItem(item.array(Shape), [{ type: 'circle' }]).issues).toEqual([
      {
        expected: 'number',
        code: 'invalid_type',
        path: [0, 'radius'],
        message: 'Invalid input: expected number, received undefined',
      },
    ]);
  });

  it.each([
    [{ type: 'square' }],
    [{}],
    [{ type: null }],
    [{ type: ['circle'] }],
    [{ type: 'constructor' }],
    [{ type: '__proto__' }],
    [Object.create({ type: 'circle', radius: 1 })],
    [JSON.parse('{"__proto__": {"type": "circle", "radius": 1}}')],
  ])('refuse %j', (value: unknown) => {
    expect(validateItem(Shape, value).issues).toEqual([
      {
        code: 'invalid_union',
        errors: [],
        note: 'No matching discriminator',
        discriminator: 'type',
        path: ['type'],
        message: 'Invalid input',
      },
    ]);
  });

  it.each([[null], ['circle'], [1], [[]], [undefined]])('refuse %j, which is no object', (value) => {
    expect(validateItem(Shape, value).issues).toMatchObject([{ code: 'invalid_type', expected: 'object', path: [] }]);
  });

  it('need a literal to tell the classes apart', () => {
    const broken = item.discriminated('name', () => [Circle]);
    expect(() => validateItem(broken, { name: 'x' })).toThrow('Circle cannot be told apart by "name"');
  });
});

describe('plain unions', () => {
  const Colour = item.union(item.string({ pattern: /^#[0-9a-f]{6}$/ }), item.enum(['red', 'blue']));
  const Rule = item.union(item.enum(['ask', 'allow']), item.record(item.enum(['ask', 'allow'])));

  it('take the first member that fits', () => {
    expect(validateItem(Colour, '#00ff00').value).toBe('#00ff00');
    expect(validateItem(Colour, 'red').value).toBe('red');
    expect(validateItem(Rule, { 'git *': 'allow' }).value).toEqual({ 'git *': 'allow' });
  });

  it('report only the limit that was missed when the kind is clear', () => {
    expect(validateItem(item.record(Colour), { a: 'green' }).issues).toEqual([
      {
        origin: 'string',
        code: 'invalid_format',
        format: 'regex',
        pattern: '/^#[0-9a-f]{6}$/',
        path: ['a'],
        message: 'Invalid string: must match pattern /^#[0-9a-f]{6}$/',
      },
    ]);
  });

  it('report every attempt otherwise', () => {
    expect(validateItem(item.array(Rule), [5]).issues).toMatchObject([
      {
        code: 'invalid_union',
        path: [0],
        message: 'Invalid input',
        errors: [[{ code: 'invalid_value', path: [] }], [{ code: 'invalid_type', expected: 'record', path: [] }]],
      },
    ]);
  });
});

describe('named items', () => {
  it('cannot share a name', () => {
    item.named('UnionSpecTwice', item.string());
    expect(() => item.named('UnionSpecTwice', item.string())).toThrow('Two schema items are named "UnionSpecTwice"');
  });
});
