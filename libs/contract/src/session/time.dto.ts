import { TimeField } from '../field/field.decorator.js';
import { InlineSchema } from '../field/schema.decorator.js';

@InlineSchema()
export class CreatedTime {
  @TimeField()
  created: number;
}

/** `end` is absent while the part is written. */
@InlineSchema()
export class PartTime {
  @TimeField()
  start: number;

  @TimeField({ optional: true })
  end?: number;
}
