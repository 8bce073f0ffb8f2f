import { StringField } from '../field/field.decorator.js';
import { InlineSchema } from '../field/schema.decorator.js';

/** Names a model of a provider. */
@InlineSchema()
export class ModelRef {
  @StringField()
  providerID: string;

  @StringField()
  modelID: string;
}

/** The tool call that a question to the person comes from. */
@InlineSchema()
export class ToolCallRef {
  @StringField()
  messageID: string;

  @StringField()
  callID: string;
}
