import { item } from '../field/factory.js';
import { ArrayField, ObjectField, StringField, UnionField } from '../field/field.decorator.js';
import { InlineSchema } from '../field/schema.decorator.js';
import { FileDiff } from '../session/file-diff.dto.js';
import { type MessageError, MessageErrorType } from '../session/message-error.dto.js';
import { type SessionStatus, SessionStatusUnion } from '../session/session-status.dto.js';
import { Session } from '../session/session.dto.js';
import { Todo } from '../session/todo.dto.js';
import { wireEvent } from './wire-event.js';

@InlineSchema()
export class SessionInfoProperties {
  @ObjectField(() => Session)
  info: Session;
}

@InlineSchema()
export class SessionIdProperties {
  @StringField()
  sessionID: string;
}

@InlineSchema()
export class SessionStatusProperties {
  @StringField()
  sessionID: string;

  @UnionField(SessionStatusUnion)
  status: SessionStatus;
}

@InlineSchema()
export class SessionDiffProperties {
  @StringField()
  sessionID: string;

  @ArrayField(item.ref(() => FileDiff))
  diff: FileDiff[];
}

@InlineSchema()
export class SessionErrorProperties {
  @StringField({ optional: true })
  sessionID?: string;

  @UnionField(MessageErrorType, { optional: true })
  error?: MessageError;
}

@InlineSchema()
export class TodoUpdatedProperties {
  @StringField()
  sessionID: string;

  @ArrayField(item.ref(() => Todo))
  todos: Todo[];
}

@InlineSchema()
export class CommandExecutedProperties {
  @StringField()
  name: string;

  @StringField({ startsWith: 'ses' })
  sessionID: string;

  @StringField()
  arguments: string;

  @StringField({ startsWith: 'msg' })
  messageID: string;
}

export class SessionCreatedEvent extends wireEvent('session.created', () => SessionInfoProperties) {}

export class SessionUpdatedEvent extends wireEvent('session.updated', () => SessionInfoProperties) {}

export class SessionDeletedEvent extends wireEvent('session.deleted', () => SessionInfoProperties) {}

export class SessionStatusEvent extends wireEvent('session.status', () => SessionStatusProperties) {}

/** Follows every `session.status` of type idle; older clients wait for it. */
export class SessionIdleEvent extends wireEvent('session.idle', () => SessionIdProperties) {}

export class SessionCompactedEvent extends wireEvent('session.compacted', () => SessionIdProperties) {}

export class SessionDiffEvent extends wireEvent('session.diff', () => SessionDiffProperties) {}

/** A prompt failed or was aborted; without `sessionID` something failed while an instance started. */
export class SessionErrorEvent extends wireEvent('session.error', () => SessionErrorProperties) {}

export class TodoUpdatedEvent extends wireEvent('todo.updated', () => TodoUpdatedProperties) {}

/** A slash command ran to its end. */
export class CommandExecutedEvent extends wireEvent('command.executed', () => CommandExecutedProperties) {}
