import { AnyField, StringField } from './field/field.decorator.js';
import { InlineSchema } from './field/schema.decorator.js';

/** Body of `POST /tui/append-prompt`. */
@InlineSchema()
export class TuiAppendPromptInput {
  @StringField()
  text: string;
}

/** Body of `POST /tui/execute-command`. */
@InlineSchema()
export class TuiExecuteCommandInput {
  @StringField()
  command: string;
}

/** A request that a terminal client is to carry out. */
@InlineSchema()
export class TuiControlRequest {
  @StringField()
  path: string;

  @AnyField()
  body: unknown;
}
