import { InlineSchema, IntegerField, StringField } from '#libs/contract';

@InlineSchema()
export class CodeSearchInput {
  @StringField({ minLength: 1, description: 'What to look for: library, version and task, in words' })
  query: string;

  @IntegerField({
    optional: true,
    coerce: true,
    default: 5000,
    min: 1000,
    max: 50_000,
    description: 'Length of the answer in tokens: less for a single call, more for an overview',
  })
  tokensNum?: number;
}
