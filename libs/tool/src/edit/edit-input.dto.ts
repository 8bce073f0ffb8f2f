import { BooleanField, InlineSchema, StringField } from '#libs/contract';

@InlineSchema()
export class EditInput {
  @StringField({ description: 'Absolute path of the file; a relative one starts at the project directory' })
  filePath: string;

  @StringField({
    description: 'The text to replace, exactly as it stands in the file; empty: newString becomes the whole file',
  })
  oldString: string;

  @StringField({ description: 'The text to put in its place' })
  newString: string;

  @BooleanField({ optional: true, default: false, description: 'Replace every occurrence instead of the only one' })
  replaceAll?: boolean;
}
