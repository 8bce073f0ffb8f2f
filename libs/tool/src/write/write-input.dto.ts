import { InlineSchema, StringField } from '#libs/contract';

@InlineSchema()
export class WriteInput {
  @StringField({ description: 'The whole new content of the file' })
  content: string;

  @StringField({ description: 'Absolute path of the file; a relative one starts at the project directory' })
  filePath: string;
}
