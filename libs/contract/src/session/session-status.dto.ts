import { item } from '../field/factory.js';
import { LiteralField, NumberField, StringField, TimeField } from '../field/field.decorator.js';
import { InlineSchema } from '../field/schema.decorator.js';

/** Nothing runs. */
@InlineSchema()
export class SessionStatusIdle {
  @LiteralField('idle')
  type: 'idle';
}

/** Waiting before the next attempt at a failed model call. */
@InlineSchema()
export class SessionStatusRetry {
  @LiteralField('retry')
  type: 'retry';

  @NumberField()
  attempt: number;

  @StringField()
  message: string;

  @TimeField()
  next: number;
}

/** A run is going on. */
@InlineSchema()
export class SessionStatusBusy {
  @LiteralField('busy')
  type: 'busy';
}

export type SessionStatus = SessionStatusIdle | SessionStatusRetry | SessionStatusBusy;
export const SessionStatusUnion = item.named(
  'SessionStatus',
  item.discriminated('type', () => [SessionStatusIdle, SessionStatusRetry, SessionStatusBusy]),
);
