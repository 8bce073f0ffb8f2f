import { ArrayField, InlineSchema, item, RecordField, StringField } from '#libs/contract';

@InlineSchema()
export class BatchCallInput {
  @StringField({ description: 'Name of the tool' })
  tool: string;

  @RecordField(item.any(), { description: 'Its arguments' })
  parameters: Record<string, unknown>;
}

@InlineSchema()
export class BatchInput {
  @ArrayField(item.ref(() => BatchCallInput), { description: 'The calls to make at once, 1 to 25' })
  tool_calls: BatchCallInput[];
}
