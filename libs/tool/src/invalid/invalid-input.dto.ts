import { InlineSchema, StringField } from '#libs/contract';

@InlineSchema()
export class InvalidInput {
  @StringField({ description: 'Name of the tool that was called' })
  tool: string;

  @StringField({ description: 'What was wrong with the call' })
  error: string;
}
