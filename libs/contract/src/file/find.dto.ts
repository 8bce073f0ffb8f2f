import { item } from '../field/factory.js';
import { ArrayField, NumberField, ObjectField, StringField } from '../field/field.decorator.js';
import { InlineSchema } from '../field/schema.decorator.js';

/** A piece of text in ripgrep’s wrapping. */
@InlineSchema()
export class MatchText {
  @StringField()
  text: string;
}

/** A match inside the line; offsets in bytes. */
@InlineSchema()
export class Submatch {
  @ObjectField(() => MatchText)
  match: MatchText;

  @NumberField()
  start: number;

  @NumberField()
  end: number;
}

/** A line with matches, as ripgrep reports it. */
@InlineSchema()
export class TextMatch {
  @ObjectField(() => MatchText)
  path: MatchText;

  @ObjectField(() => MatchText)
  lines: MatchText;

  @NumberField()
  line_number: number;

  @NumberField()
  absolute_offset: number;

  @ArrayField(item.ref(() => Submatch))
  submatches: Submatch[];
}
