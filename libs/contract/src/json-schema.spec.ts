import { Ajv2020 } from 'ajv/dist/2020.js';
import { IsString } from 'class-validator';
import { item } from './field/factory.js';
import { ArrayField, EnumField, IntegerField, ObjectField, RecordField, StringField } from './field/field.decorator.js';
import type { DtoClass } from './field/item.js';
import { toJsonSchema } from './json-schema.js';
import { PromptInput } from './session/prompt-input.dto.js';

class Options {
  @IntegerField({ optional: true, min: 1, description: 'Most results' })
  limit?: number;

  @IntegerField({ optional: true })
  offset?: number;
}

class SearchInput {
  @StringField({ description: 'What to look for' })
  pattern: string;

  @EnumField(['file', 'directory'], { optional: true })
  type?: 'file' | 'directory';

  @ObjectField(() => Options, { optional: true })
  options?: Options;

  @RecordField(item.string(), { optional: true })
  env?: Record<string, string>;
}

class TreeInput {
  @StringField()
  name: string;

  @ArrayField(item.ref((): DtoClass<TreeInput> => TreeInput))
  children: TreeInput[];
}

describe('JSON Schema of a class', () => {
  it('stands alone, and leaves out what models have no use for', () => {
    expect(toJsonSchema(SearchInput)).toEqual({
      type: 'object',
      properties: {
        pattern: { type: 'string', description: 'What to look for' },
        type: { type: 'string', enum: ['file', 'directory'] },
        options: {
          type: 'object',
          properties: {
            limit: { type: 'integer', minimum: 1, description: 'Most results' },
            offset: { type: 'integer' },
          },
        },
        env: { type: 'object', additionalProperties: { type: 'string' } },
      },
      required: ['pattern'],
      additionalProperties: false,
    });
  });

  it('has room for a class that contains itself', () => {
    const schema = toJsonSchema(TreeInput);
    const validate = new Ajv2020().compile(schema);
    expect(validate({ name: 'a', children: [{ name: 'b', children: [] }] })).toBe(true);
    expect(validate({ name: 'a', children: [{ name: 'b', children: [{}] }] })).toBe(false);
    expect(schema).toMatchObject({ type: 'object', additionalProperties: false });
  });

  it('of a class without fields is an empty object', () => {
    class NoInput {}
    expect(toJsonSchema(NoInput)).toEqual({ type: 'object', properties: {}, additionalProperties: false });
  });

  it('refuses properties that only class-validator knows', () => {
    class Half {
      @StringField()
      known: string;

      @IsString()
      unknown: string;
    }
    expect(() => toJsonSchema(Half)).toThrow('Half has no schema for unknown: declare these properties with field');
  });

  it('compiles without anything around it', () => {
    const schema = toJsonSchema(PromptInput);
    expect(JSON.stringify(schema)).not.toContain('#/components');
    expect(new Ajv2020().compile(schema)).toBeInstanceOf(Function);
  });
});
