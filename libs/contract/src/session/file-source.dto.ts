import { item } from '../field/factory.js';
import { IntegerField, LiteralField, ObjectField, StringField } from '../field/field.decorator.js';
import { Range } from '../file/range.dto.js';

/** Where in the prompt’s text the file is mentioned. */
export class FilePartSourceText {
  @StringField()
  value: string;

  @IntegerField()
  start: number;

  @IntegerField()
  end: number;
}

/** The file was mentioned by path. */
export class FileSource {
  @ObjectField(() => FilePartSourceText)
  text: FilePartSourceText;

  @LiteralField('file')
  type: 'file';

  @StringField()
  path: string;
}

/** The file stands for a symbol in it. */
export class SymbolSource {
  @ObjectField(() => FilePartSourceText)
  text: FilePartSourceText;

  @LiteralField('symbol')
  type: 'symbol';

  @StringField()
  path: string;

  @ObjectField(() => Range)
  range: Range;

  @StringField()
  name: string;

  @IntegerField()
  kind: number;
}

/** The file is a resource of an MCP server. */
export class ResourceSource {
  @ObjectField(() => FilePartSourceText)
  text: FilePartSourceText;

  @LiteralField('resource')
  type: 'resource';

  @StringField()
  clientName: string;

  @StringField()
  uri: string;
}

export type FilePartSource = FileSource | SymbolSource | ResourceSource;
export const FilePartSourceUnion = item.named(
  'FilePartSource',
  item.discriminated('type', () => [FileSource, SymbolSource, ResourceSource]),
);
