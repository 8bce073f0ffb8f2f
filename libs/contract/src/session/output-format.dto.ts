import { item } from '../field/factory.js';
import { Field, IntegerField, LiteralField } from '../field/field.decorator.js';

/** Asks for plain text. */
export class OutputFormatText {
  @LiteralField('text')
  type: 'text';
}

export type JSONSchema = Record<string, unknown>;
export const JSONSchemaType = item.named('JSONSchema', item.record(item.any()));

/** Asks for an answer that fits a JSON Schema. */
export class OutputFormatJsonSchema {
  @LiteralField('json_schema')
  type: 'json_schema';

  @Field(JSONSchemaType)
  schema: JSONSchema;

  @IntegerField({ min: 0, optional: true, default: 2 })
  retryCount?: number;
}

export type OutputFormat = OutputFormatText | OutputFormatJsonSchema;
export const OutputFormatUnion = item.named(
  'OutputFormat',
  item.discriminated('type', () => [OutputFormatText, OutputFormatJsonSchema]),
);
