import { NumberField, ObjectField } from '../field/field.decorator.js';
import { InlineSchema } from '../field/schema.decorator.js';

/** Line and character, both counted from 0. */
@InlineSchema()
export class Position {
  @NumberField()
  line: number;

  @NumberField()
  character: number;
}

/** A stretch of a text file, as language servers give it. */
export class Range {
  @ObjectField(() => Position)
  start: Position;

  @ObjectField(() => Position)
  end: Position;
}
