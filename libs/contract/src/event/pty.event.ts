import { NumberField, ObjectField, StringField } from '../field/field.decorator.js';
import { InlineSchema } from '../field/schema.decorator.js';
import { Pty } from '../pty.dto.js';
import { wireEvent } from './wire-event.js';

@InlineSchema()
export class PtyInfoProperties {
  @ObjectField(() => Pty)
  info: Pty;
}

@InlineSchema()
export class PtyExitedProperties {
  @StringField({ startsWith: 'pty' })
  id: string;

  @NumberField()
  exitCode: number;
}

@InlineSchema()
export class PtyDeletedProperties {
  @StringField({ startsWith: 'pty' })
  id: string;
}

export class PtyCreatedEvent extends wireEvent('pty.created', () => PtyInfoProperties) {}

export class PtyUpdatedEvent extends wireEvent('pty.updated', () => PtyInfoProperties) {}

export class PtyExitedEvent extends wireEvent('pty.exited', () => PtyExitedProperties) {}

export class PtyDeletedEvent extends wireEvent('pty.deleted', () => PtyDeletedProperties) {}
