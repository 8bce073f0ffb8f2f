import { InlineSchema, NumberField, StringField } from '#libs/contract';

@InlineSchema()
export class ReadInput {
  @StringField({
    description: 'Absolute path of the file or directory; a relative one starts at the project directory',
  })
  filePath: string;

  @NumberField({ optional: true, coerce: true, description: 'First line or entry to show, counted from 1' })
  offset?: number;

  @NumberField({ optional: true, coerce: true, description: 'How many lines or entries to show (default 2000)' })
  limit?: number;
}
