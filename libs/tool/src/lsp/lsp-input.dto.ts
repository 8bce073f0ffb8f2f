import { EnumField, InlineSchema, IntegerField, StringField } from '#libs/contract';
import { CODE_QUERIES, type CodeQuery } from '#libs/lsp';

@InlineSchema()
export class LspInput {
  @EnumField(CODE_QUERIES, { description: 'What to find out' })
  operation: CodeQuery;

  @StringField({ description: 'The file, absolute or relative to the project directory' })
  filePath: string;

  @IntegerField({ min: 1, description: 'Line, counted from 1' })
  line: number;

  @IntegerField({ min: 1, description: 'Character in the line, counted from 1' })
  character: number;
}
