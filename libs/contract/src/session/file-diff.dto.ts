import { EnumField, NumberField, StringField } from '../field/field.decorator.js';

/** One changed file, with its content before and after; both empty for binary files. */
export class FileDiff {
  @StringField()
  file: string;

  @StringField()
  before: string;

  @StringField()
  after: string;

  @NumberField()
  additions: number;

  @NumberField()
  deletions: number;

  @EnumField(['added', 'deleted', 'modified'], { optional: true })
  status?: 'added' | 'deleted' | 'modified';
}
