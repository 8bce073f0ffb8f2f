import { Type } from 'class-transformer';
import { IsEmail, IsInt, IsOptional, IsString, MinLength, ValidateNested, validateSync } from 'class-validator';
import { item } from './field/factory.js';
import { ObjectField, RecordField, StringField } from './field/field.decorator.js';
import { FindFilesQuery, SessionListQuery } from './query.dto.js';
import { PartUnion } from './session/part.dto.js';
import { PromptInput } from './session/prompt-input.dto.js';
import { SessionCreateInput } from './session/session-input.dto.js';
import { toIssues, validateInput, validateItem } from './validation.js';

const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));

describe('the documented issues', () => {
  it('missing and misnamed parts of a prompt', () => {
    expect(validateInput(PromptInput, {}).issues).toEqual([
      {
        code: 'invalid_type',
        expected: 'array',
        path: ['parts'],
        message: 'Invalid input: expected array, received undefined',
      },
    ]);
    expect(validateInput(PromptInput, { parts: [{ type: 'nonsense' }] }).issues).toEqual([
      {
        code: 'invalid_union',
        discriminator: 'type',
        note: 'No matching discriminator',
        errors: [],
        path: ['parts', 0, 'type'],
        message: 'Invalid input',
      },
    ]);
  });

  it('a wrong prefix', () => {
    expect(validateInput(SessionCreateInput, { parentID: 'zzz' }).issues).toEqual([
      {
        origin: 'string',
        code: 'invalid_format',
        format: 'starts_with',
        prefix: 'ses',
        path: ['parentID'],
        message: 'Invalid string: must start with "ses"',
      },
    ]);
  });

  it('query numbers: no number, a fraction, out of bounds', () => {
    expect(validateInput(SessionListQuery, { limit: 'abc', start: 'x' }).issues).toMatchObject([
      {
        code: 'invalid_type',
        expected: 'number',
        received: 'NaN',
        path: ['start'],
        message: 'Invalid input: expected number, received NaN',
      },
      { path: ['limit'] },
    ]);
    expect(validateInput(FindFilesQuery, { query: '', limit: '1.5' }).issues).toEqual([
      {
        code: 'invalid_type',
        expected: 'int',
        format: 'safeint',
        path: ['limit'],
        message: 'Invalid input: expected int, received number',
      },
    ]);
    expect(validateInput(FindFilesQuery, { query: '', limit: '' }).issues).toEqual([
      {
        origin: 'number',
        code: 'too_small',
        minimum: 1,
        inclusive: true,
        path: ['limit'],
        message: 'Too small: expected number to be >=1',
      },
    ]);
    expect(validateInput(FindFilesQuery, { query: '', limit: '201' }).issues).toMatchObject([
      { code: 'too_big', maximum: 200, message: 'Too big: expected number to be <=200' },
    ]);
    expect(validateInput(FindFilesQuery, { query: '', limit: ' 1e1 ' }).value?.limit).toBe(10);
  });

  it('a repeated query key', () => {
    expect(validateInput(SessionListQuery, { directory: ['a', 'b'], limit: ['1', '2'] }).issues).toMatchObject([
      { code: 'invalid_type', path: ['directory'], message: 'Invalid input: expected string, received array' },
      { code: 'invalid_type', path: ['limit'], message: 'Invalid input: expected number, received array' },
    ]);
  });

  it('a wrong option, and everything that is wrong at once', () => {
    const { issues } = validateInput(PromptInput, {
      messageID: 'x',
      model: { providerID: 1 },
      noReply: 'yes',
      tools: { bash: 'no' },
      parts: [{ type: 'text' }, null],
    });
    expect(issues?.map((issue) => issue.path.join('.'))).toEqual([
      'messageID',
      'model.providerID',
      'model.modelID',
      'noReply',
      'tools.bash',
      'parts.0.text',
      'parts.1',
    ]);
    expect(validateInput(SessionCreateInput, { permission: [{ permission: 'a', pattern: 'b', action: 'c' }] })).toEqual(
      {
        issues: [
          {
            code: 'invalid_value',
            values: ['allow', 'deny', 'ask'],
            path: ['permission', 0, 'action'],
            message: 'Invalid option: expected one of "allow"|"deny"|"ask"',
          },
        ],
      },
    );
  });
});

describe('hostile input', () => {
  it.each([
    [null, 'null'],
    [undefined, 'undefined'],
    ['text', 'string'],
    [5, 'number'],
    [true, 'boolean'],
    [[], 'array'],
  ])('%j is no object', (value, received) => {
    expect(validateInput(PromptInput, value).issues).toEqual([
      {
        expected: 'object',
        code: 'invalid_type',
        path: [],
        message: `Invalid input: expected object, received ${received}`,
      },
    ]);
  });

  it('takes nothing from a prototype, and gives none away', () => {
    const body: unknown = JSON.parse(
      '{"__proto__": {"noReply": true}, "constructor": {"prototype": {"polluted": 1}}, "parts": [], ' +
        '"tools": {"__proto__": false, "constructor": false, "toString": true}}',
    );
    const { value } = validateInput(PromptInput, body);
    expect(value?.noReply).toBeUndefined();
    expect(Object.getPrototypeOf(value)).toBe(PromptInput.prototype);
    expect(Object.keys(value?.tools ?? {})).toEqual(['constructor', 'toString']);
    expect(Object.getPrototypeOf(value?.tools)).toBe(Object.prototype);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('keeps the prototype of records it fills', () => {
    const metadata: unknown = JSON.parse('{"__proto__": {"polluted": 1}, "kept": {"__proto__": {"polluted": 1}}}');
    const { value } = validateItem(item.record(item.any()), metadata);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.keys(value ?? {})).toEqual(['kept']);
  });

  it('does not read what is inherited', () => {
    const input = Object.create({ noReply: true, parts: [] }) as object;
    expect(validateInput(PromptInput, input).issues).toMatchObject([{ path: ['parts'] }]);
  });

  it('does not mind depth where any value is allowed', () => {
    const deep = nested(100_000);
    const part = { id: 'p', sessionID: 's', messageID: 'm', type: 'text', text: 't', metadata: { deep } };
    expect(validateItem(PartUnion, part).value).toMatchObject({ text: 't' });
    expect(validateInput(PromptInput, { parts: deep }).issues).toMatchObject([{ path: ['parts', 0] }]);
    expect(validateInput(PromptInput, { parts: [], whatever: deep }).value).toEqual({ parts: [] });
  });

  it('leaves the input alone', () => {
    const body = Object.freeze({ parts: Object.freeze([Object.freeze({ type: 'text', text: 'x', more: 1 })]) });
    expect(validateInput(PromptInput, body).value).toEqual({ parts: [{ type: 'text', text: 'x' }] });
    expect(body.parts[0]?.more).toBe(1);
  });

  it('refuses numbers that JSON cannot hold', () => {
    expect(validateInput(SessionListQuery, { limit: 'Infinity' }).issues).toMatchObject([{ received: 'Infinity' }]);
  });
});

describe('decorators of class-validator and class-transformer', () => {
  class Address {
    @IsString()
    street: string;
  }

  class Foreign {
    @IsEmail()
    mail: string;

    @IsOptional()
    @ValidateNested({ each: true })
    @Type(() => Address)
    addresses?: Address[];
  }

  class Mixed {
    @StringField()
    @MinLength(3)
    name: string;

    @IsInt()
    age: number;

    @RecordField(item.string(), { optional: true })
    labels?: Record<string, string>;

    @ObjectField(() => Foreign, { optional: true })
    foreign?: Foreign;
  }

  it('are enough on their own', () => {
    const { value } = validateInput(Foreign, { mail: 'a@b.org', addresses: [{ street: 's', more: 1 }], more: 1 });
    expect(value).toEqual({ mail: 'a@b.org', addresses: [{ street: 's' }] });
    expect(value?.addresses?.[0]).toBeInstanceOf(Address);
    expect(validateInput(Foreign, { mail: 'x', addresses: [{}] }).issues).toMatchObject([
      { code: 'custom', path: ['mail'], message: 'mail must be an email' },
      { code: 'custom', path: ['addresses', 0, 'street'], message: 'street must be a string' },
    ]);
  });

  it('go together with fields', () => {
    expect(validateInput(Mixed, { name: 'anna', age: 3, labels: { a: 'b' } }).value).toEqual({
      name: 'anna',
      age: 3,
      labels: { a: 'b' },
    });
    const { issues } = validateInput(Mixed, { name: 'x', age: 'y', labels: 1, foreign: { mail: 1 } });
    expect(issues?.map((issue) => [issue.code, issue.path.join('.')])).toEqual([
      ['invalid_type', 'labels'],
      ['custom', 'foreign.mail'],
      ['custom', 'name'],
      ['custom', 'age'],
    ]);
  });

  it('do not repeat what a field reported', () => {
    const { issues } = validateInput(Mixed, { name: 5, age: 3 });
    expect(issues?.map((issue) => [issue.code, issue.path.join('.')])).toEqual([
      ['invalid_type', 'name'],
      ['custom', 'name'],
    ]);
  });

  it('meet too much depth with an issue', () => {
    const { issues } = validateInput(Foreign, { mail: 'a@b.org', addresses: [{ street: nested(100_000) }] });
    expect(issues).toEqual([{ code: 'custom', path: [], message: 'Invalid input: nested too deeply' }]);
  });

  it('give toIssues a path, array indexes as numbers', () => {
    const foreign = Object.assign(new Foreign(), { mail: 'a@b.org', addresses: [new Address()] });
    expect(toIssues(validateSync(foreign))).toEqual([
      { code: 'custom', path: ['addresses', 0, 'street'], message: 'street must be a string' },
    ]);
  });
});
