import { item } from './field/factory.js';
import { EnumField, LiteralField, RecordField, StringField } from './field/field.decorator.js';
import { InlineSchema } from './field/schema.decorator.js';

/** Answer of `GET /global/health`. */
@InlineSchema()
export class Health {
  @LiteralField(true)
  healthy: true;

  @StringField()
  version: string;
}

/** Body of `POST /log`. */
@InlineSchema()
export class LogInput {
  @StringField()
  service: string;

  @EnumField(['debug', 'info', 'error', 'warn'])
  level: 'debug' | 'info' | 'error' | 'warn';

  @StringField()
  message: string;

  @RecordField(item.any(), { optional: true })
  extra?: Record<string, unknown>;
}
