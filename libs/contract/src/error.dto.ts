import { item } from './field/factory.js';
import { AnyField, ArrayField, LiteralField, ObjectField, RecordField, StringField } from './field/field.decorator.js';
import { InlineSchema, NamedSchema } from './field/schema.decorator.js';

/** What most errors carry. */
@InlineSchema()
export class MessageData {
  @StringField()
  message: string;
}

/** What errors without details carry. */
@InlineSchema()
export class NoData {}

/** Body of most errors: a name to switch on, and data that explains. */
@InlineSchema()
export class NamedErrorBody {
  @StringField()
  name: string;

  @RecordField(item.any())
  data: Record<string, unknown>;
}

/** Body of a 404. */
@NamedSchema('NotFoundError')
export class NotFoundErrorBody {
  @LiteralField('NotFoundError')
  name: 'NotFoundError';

  @ObjectField(() => MessageData)
  data: MessageData;
}

/** Body of a 400, as published; on the wire the list is also called `error`. */
@NamedSchema('BadRequestError')
export class BadRequestErrorBody {
  @AnyField()
  data: unknown;

  @ArrayField(item.record(item.any()))
  errors: Record<string, unknown>[];

  @LiteralField(false)
  success: false;
}
