import { item } from './field/factory.js';
import { ArrayField, EnumField, NumberField, ObjectField, RecordField, StringField } from './field/field.decorator.js';
import { InlineSchema } from './field/schema.decorator.js';

/** A terminal. */
export class Pty {
  @StringField({ startsWith: 'pty' })
  id: string;

  @StringField()
  title: string;

  @StringField()
  command: string;

  @ArrayField(item.string())
  args: string[];

  @StringField()
  cwd: string;

  @EnumField(['running', 'exited'])
  status: 'running' | 'exited';

  @NumberField()
  pid: number;
}

/** Body of `POST /pty`. */
@InlineSchema()
export class PtyCreateInput {
  @StringField({ optional: true })
  command?: string;

  @ArrayField(item.string(), { optional: true })
  args?: string[];

  @StringField({ optional: true })
  cwd?: string;

  @StringField({ optional: true })
  title?: string;

  @RecordField(item.string(), { optional: true })
  env?: Record<string, string>;
}

/** Size in characters. */
@InlineSchema()
export class PtySize {
  @NumberField()
  rows: number;

  @NumberField()
  cols: number;
}

/** Body of `PUT /pty/:ptyID`. */
@InlineSchema()
export class PtyUpdateInput {
  @StringField({ optional: true })
  title?: string;

  @ObjectField(() => PtySize, { optional: true })
  size?: PtySize;
}
