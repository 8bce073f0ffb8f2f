import { StringField } from '../field/field.decorator.js';
import { InlineSchema } from '../field/schema.decorator.js';

/** What every part has. Parts of a message are ordered by id. */
@InlineSchema()
export class PartIdentity {
  @StringField()
  id: string;

  @StringField()
  sessionID: string;

  @StringField()
  messageID: string;
}
