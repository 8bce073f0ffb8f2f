import { StringField } from './field/field.decorator.js';
import { InlineSchema } from './field/schema.decorator.js';

/** Instructions the model can load; `location` is their file. */
@InlineSchema()
export class Skill {
  @StringField()
  name: string;

  @StringField()
  description: string;

  @StringField()
  location: string;

  @StringField()
  content: string;
}
