import { StringField, UnionField } from '../field/field.decorator.js';
import { InlineSchema } from '../field/schema.decorator.js';
import { type Message, MessageUnion } from '../session/message.dto.js';
import { type Part, PartUnion } from '../session/part.dto.js';
import { wireEvent } from './wire-event.js';

@InlineSchema()
export class MessageInfoProperties {
  @UnionField(MessageUnion)
  info: Message;
}

@InlineSchema()
export class MessageRemovedProperties {
  @StringField()
  sessionID: string;

  @StringField()
  messageID: string;
}

@InlineSchema()
export class PartUpdatedProperties {
  @UnionField(PartUnion)
  part: Part;
}

@InlineSchema()
export class PartDeltaProperties {
  @StringField()
  sessionID: string;

  @StringField()
  messageID: string;

  @StringField()
  partID: string;

  @StringField({ description: 'Property of the part that the text is appended to' })
  field: string;

  @StringField()
  delta: string;
}

@InlineSchema()
export class PartRemovedProperties {
  @StringField()
  sessionID: string;

  @StringField()
  messageID: string;

  @StringField()
  partID: string;
}

export class MessageUpdatedEvent extends wireEvent('message.updated', () => MessageInfoProperties) {}

export class MessageRemovedEvent extends wireEvent('message.removed', () => MessageRemovedProperties) {}

export class MessagePartUpdatedEvent extends wireEvent('message.part.updated', () => PartUpdatedProperties) {}

/** Streamed text. It is not stored: the final `message.part.updated` carries all of it. */
export class MessagePartDeltaEvent extends wireEvent('message.part.delta', () => PartDeltaProperties) {}

export class MessagePartRemovedEvent extends wireEvent('message.part.removed', () => PartRemovedProperties) {}
