import { InlineSchema, StringField } from '#libs/contract';

@InlineSchema()
export class GrepInput {
  @StringField({ description: 'Regular expression (Rust syntax), such as "function\\\\s+\\\\w+"' })
  pattern: string;

  @StringField({ optional: true, description: 'File or directory to search in (default: the project directory)' })
  path?: string;

  @StringField({ optional: true, description: 'Only files that fit this glob, such as "*.{ts,tsx}"' })
  include?: string;
}
