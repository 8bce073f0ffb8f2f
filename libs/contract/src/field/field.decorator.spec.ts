import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { documentSchema } from '../document.js';
import { toIssues, validateInput } from '../validation.js';
import { item } from './factory.js';
import {
  AnyField,
  ArrayField,
  BooleanField,
  EnumField,
  IntegerField,
  LiteralField,
  NumberField,
  ObjectField,
  RecordField,
  StringField,
  TimeField,
  UnionField,
} from './field.decorator.js';
import { InlineSchema, OpenSchema, StrictSchema } from './schema.decorator.js';

@InlineSchema()
class Inner {
  @StringField()
  name: string;
}

@InlineSchema()
class Everything {
  @LiteralField('all')
  kind: 'all';

  @StringField({ startsWith: 'ses', description: 'Which session' })
  id: string;

  @StringField({ pattern: /^#\d+$/, optional: true })
  colour?: string;

  @StringField({ minLength: 2, maxLength: 3, optional: true })
  short?: string;

  @NumberField({ min: 0.5, optional: true })
  speed?: number;

  @IntegerField({ exclusiveMin: 0, optional: true })
  steps?: number;

  @TimeField({ optional: true })
  created?: number;

  @BooleanField({ optional: true, default: true })
  on?: boolean;

  @EnumField(['a', 'b'], { nullable: true, optional: true })
  choice?: 'a' | 'b' | null;

  @ObjectField(() => Inner, { optional: true })
  inner?: Inner;

  @ArrayField(item.array(item.ref(() => Inner)), { optional: true })
  grid?: Inner[][];

  @RecordField(item.number(), { optional: true, deprecated: true })
  counts?: Record<string, number>;

  @UnionField(item.union(item.boolean(), item.string()), { optional: true })
  either?: boolean | string;

  @AnyField({ optional: true })
  rest?: unknown;
}

const MINIMAL = { kind: 'all', id: 'ses_1' };

describe('field decorators', () => {
  it('write the schema', () => {
    const inner = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };
    expect(documentSchema(item.ref(() => Everything))).toEqual({
      type: 'object',
      properties: {
        kind: { type: 'string', const: 'all' },
        id: { type: 'string', pattern: '^ses.*', description: 'Which session' },
        colour: { type: 'string', pattern: '^#\\d+$' },
        short: { type: 'string', minLength: 2, maxLength: 3 },
        speed: { type: 'number', minimum: 0.5 },
        steps: { type: 'integer', exclusiveMinimum: 0, maximum: Number.MAX_SAFE_INTEGER },
        created: { type: 'number', description: 'Milliseconds since 1970' },
        on: { type: 'boolean', default: true },
        choice: { anyOf: [{ type: 'string', enum: ['a', 'b'] }, { type: 'null' }] },
        inner,
        grid: { type: 'array', items: { type: 'array', items: inner } },
        counts: {
          type: 'object',
          propertyNames: { type: 'string' },
          additionalProperties: { type: 'number' },
          deprecated: true,
        },
        either: { anyOf: [{ type: 'boolean' }, { type: 'string' }] },
        rest: {},
      },
      required: ['kind', 'id'],
    });
  });

  it('read a value: unknown keys dropped, defaults filled in, instances made', () => {
    const { value } = validateInput(Everything, { ...MINIMAL, grid: [[{ name: 'x', more: 1 }]], more: 1 });
    expect(value).toEqual({ ...MINIMAL, on: true, grid: [[{ name: 'x' }]] });
    expect(value).toBeInstanceOf(Everything);
    expect(value?.grid?.[0]?.[0]).toBeInstanceOf(Inner);
  });

  it('keep the order of the input’s keys', () => {
    const { value } = validateInput(Everything, { rest: 1, id: 'ses_1', either: 'x', kind: 'all' });
    expect(Object.keys(value ?? {})).toEqual(['rest', 'id', 'either', 'kind', 'on']);
  });

  it('let an optional property be absent but not null, unless it is nullable', () => {
    expect(validateInput(Everything, { ...MINIMAL, choice: null }).value).toMatchObject({ choice: null });
    expect(validateInput(Everything, { ...MINIMAL, speed: null }).issues).toEqual([
      {
        expected: 'number',
        code: 'invalid_type',
        path: ['speed'],
        message: 'Invalid input: expected number, received null',
      },
    ]);
  });

  it('only compile where the TypeScript type agrees', () => {
    class Wrong {
      // @ts-expect-error a string field on a number
      @StringField()
      count: number;

      // @ts-expect-error optional in the schema, required in the type
      @StringField({ optional: true })
      needed: string;

      // @ts-expect-error a list that allows more than the type says
      @EnumField(['a', 'b'])
      letter: 'a';
    }
    expect(Wrong).toBeDefined();
  });
});

describe('class-validator and class-transformer', () => {
  class QueryLike {
    @NumberField({ coerce: true, optional: true })
    limit?: number;

    @BooleanField({ coerce: true, optional: true })
    roots?: boolean;
  }

  it('see the same rules: what a host’s own ValidationPipe finds is what validateInput finds', () => {
    const bad = { kind: 'none', id: 'x', grid: [[{ name: 1 }], 2], counts: { a: 'b' }, choice: 'c', short: 'x' };
    const errors = validateSync(plainToInstance(Everything, bad), { whitelist: true, forbidNonWhitelisted: true });
    expect(toIssues(errors)).toEqual(validateInput(Everything, bad).issues);
    expect(toIssues(errors)).toHaveLength(7);
    expect(errors[0]?.constraints).toEqual({ wireField: 'kind: Invalid input: expected "all"' });
  });

  it('convert text only where a field says so', () => {
    const instance = plainToInstance(QueryLike, { limit: '5', roots: 'false' });
    expect(instance).toEqual({ limit: 5, roots: false });
    expect(validateInput(QueryLike, { limit: '5', roots: 'false' }).value).toEqual({ limit: 5, roots: false });
  });

  it.each([
    ['1', true],
    ['yes', true],
    ['true', true],
    ['false', false],
    ['FALSE', false],
    ['0', false],
    ['', false],
  ])('read the flag %j as %j', (text, flag) => {
    expect(validateInput(QueryLike, { roots: text }).value).toEqual({ roots: flag });
  });
});

describe('unknown keys', () => {
  @StrictSchema()
  class Strict {
    @StringField({ optional: true })
    name?: string;
  }

  @OpenSchema(item.number())
  class Open {
    @StringField({ optional: true })
    name?: string;

    [key: string]: string | number | undefined;
  }

  it('are refused by a strict class', () => {
    expect(validateInput(Strict, { foo: 1, name: 'x', bar: 2 }).issues).toEqual([
      {
        code: 'unrecognized_keys',
        keys: ['foo', 'bar'],
        path: [],
        message: 'Unrecognized keys: "foo", "bar"',
      },
    ]);
    expect(documentSchema(item.ref(() => Strict))).toEqual({ $ref: '#/components/schemas/Strict' });
  });

  it('are read by an open class', () => {
    expect(validateInput(Open, { b: 2, name: 'x', a: 1 }).value).toEqual({ b: 2, name: 'x', a: 1 });
    expect(validateInput(Open, { b: 'two' }).issues).toMatchObject([{ code: 'invalid_type', path: ['b'] }]);
  });
});
