import { item } from '../field/factory.js';
import {
  ArrayField,
  BooleanField,
  EnumField,
  IntegerField,
  LiteralField,
  NumberField,
  ObjectField,
  StringField,
} from '../field/field.decorator.js';
import { InlineSchema, NamedSchema } from '../field/schema.decorator.js';

/** An entry of a directory. `path` is relative to the instance’s directory. */
export class FileNode {
  @StringField()
  name: string;

  @StringField()
  path: string;

  @StringField()
  absolute: string;

  @EnumField(['file', 'directory'])
  type: 'file' | 'directory';

  @BooleanField()
  ignored: boolean;
}

/** A stretch of changed lines. */
@InlineSchema()
export class FilePatchHunk {
  @NumberField()
  oldStart: number;

  @NumberField()
  oldLines: number;

  @NumberField()
  newStart: number;

  @NumberField()
  newLines: number;

  @ArrayField(item.string())
  lines: string[];
}

/** A unified diff as data. */
@InlineSchema()
export class FilePatch {
  @StringField()
  oldFileName: string;

  @StringField()
  newFileName: string;

  @StringField({ optional: true })
  oldHeader?: string;

  @StringField({ optional: true })
  newHeader?: string;

  @ArrayField(item.ref(() => FilePatchHunk))
  hunks: FilePatchHunk[];

  @StringField({ optional: true })
  index?: string;
}

/** Content of a file; base64 for images. */
export class FileContent {
  @EnumField(['text', 'binary'])
  type: 'text' | 'binary';

  @StringField()
  content: string;

  @StringField({ optional: true })
  diff?: string;

  @ObjectField(() => FilePatch, { optional: true })
  patch?: FilePatch;

  @LiteralField('base64', { optional: true })
  encoding?: 'base64';

  @StringField({ optional: true })
  mimeType?: string;
}

/** A file that differs from the last commit. */
@NamedSchema('File')
export class FileStatus {
  @StringField()
  path: string;

  @IntegerField()
  added: number;

  @IntegerField()
  removed: number;

  @EnumField(['added', 'deleted', 'modified'])
  status: 'added' | 'deleted' | 'modified';
}
