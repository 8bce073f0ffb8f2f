import { item } from './field/factory.js';
import { ArrayField, BooleanField, StringField, UnionField } from './field/field.decorator.js';

/** A language server of the instance; `root` is relative to its directory. */
export class LSPStatus {
  @StringField()
  id: string;

  @StringField()
  name: string;

  @StringField()
  root: string;

  @UnionField(item.union(item.literal('connected'), item.literal('error')))
  status: 'connected' | 'error';
}

/** A formatter and the file extensions it is for. */
export class FormatterStatus {
  @StringField()
  name: string;

  @ArrayField(item.string())
  extensions: string[];

  @BooleanField()
  enabled: boolean;
}
