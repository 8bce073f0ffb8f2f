import { LiteralField, StringField, UnionField } from '../field/field.decorator.js';
import { type FilePartSource, FilePartSourceUnion } from './file-source.dto.js';
import { PartIdentity } from './part-identity.dto.js';

/** A file by URL: `file:`, `data:` or `http(s):`. */
export class FilePart extends PartIdentity {
  @LiteralField('file')
  type: 'file';

  @StringField()
  mime: string;

  @StringField({ optional: true })
  filename?: string;

  @StringField()
  url: string;

  @UnionField(FilePartSourceUnion, { optional: true })
  source?: FilePartSource;
}
