import { item } from '../field/factory.js';
import type { ItemType } from '../field/item.js';
import { StringField, UnionField } from '../field/field.decorator.js';
import {
  LspUpdatedEvent,
  LspClientDiagnosticsEvent,
  McpToolsChangedEvent,
  McpBrowserOpenFailedEvent,
} from './integration.event.js';
import {
  MessageUpdatedEvent,
  MessageRemovedEvent,
  MessagePartUpdatedEvent,
  MessagePartDeltaEvent,
  MessagePartRemovedEvent,
} from './message.event.js';
import {
  PermissionAskedEvent,
  PermissionRepliedEvent,
  QuestionAskedEvent,
  QuestionRepliedEvent,
  QuestionRejectedEvent,
} from './permission.event.js';
import {
  ProjectUpdatedEvent,
  FileEditedEvent,
  FileWatcherUpdatedEvent,
  VcsBranchUpdatedEvent,
  WorktreeReadyEvent,
  WorktreeFailedEvent,
} from './project.event.js';
import { PtyCreatedEvent, PtyUpdatedEvent, PtyExitedEvent, PtyDeletedEvent } from './pty.event.js';
import {
  ServerConnectedEvent,
  type ServerHeartbeatEvent,
  ServerInstanceDisposedEvent,
  GlobalDisposedEvent,
  InstallationUpdatedEvent,
  InstallationUpdateAvailableEvent,
} from './server.event.js';
import {
  SessionCreatedEvent,
  SessionUpdatedEvent,
  SessionDeletedEvent,
  SessionStatusEvent,
  SessionIdleEvent,
  SessionCompactedEvent,
  SessionDiffEvent,
  SessionErrorEvent,
  TodoUpdatedEvent,
  CommandExecutedEvent,
} from './session.event.js';
import { TuiPromptAppendEvent, TuiCommandExecuteEvent, TuiToastShowEvent, TuiSessionSelectEvent } from './tui.event.js';

/** Every event of the published contract, in its order. */
export const EventUnion = item.named(
  'Event',
  item.discriminated('type', () => [
    ServerConnectedEvent,
    GlobalDisposedEvent,
    TuiPromptAppendEvent,
    TuiCommandExecuteEvent,
    TuiToastShowEvent,
    TuiSessionSelectEvent,
    InstallationUpdatedEvent,
    InstallationUpdateAvailableEvent,
    ProjectUpdatedEvent,
    ServerInstanceDisposedEvent,
    FileEditedEvent,
    WorktreeReadyEvent,
    WorktreeFailedEvent,
    LspClientDiagnosticsEvent,
    PermissionAskedEvent,
    PermissionRepliedEvent,
    SessionStatusEvent,
    SessionIdleEvent,
    QuestionAskedEvent,
    QuestionRepliedEvent,
    QuestionRejectedEvent,
    TodoUpdatedEvent,
    PtyCreatedEvent,
    PtyUpdatedEvent,
    PtyExitedEvent,
    PtyDeletedEvent,
    FileWatcherUpdatedEvent,
    McpToolsChangedEvent,
    McpBrowserOpenFailedEvent,
    LspUpdatedEvent,
    VcsBranchUpdatedEvent,
    CommandExecutedEvent,
    MessageUpdatedEvent,
    MessageRemovedEvent,
    MessagePartUpdatedEvent,
    MessagePartDeltaEvent,
    MessagePartRemovedEvent,
    SessionCompactedEvent,
    SessionCreatedEvent,
    SessionUpdatedEvent,
    SessionDeletedEvent,
    SessionDiffEvent,
    SessionErrorEvent,
  ]),
);

/** An event of the published contract. */
export type Event = ItemType<typeof EventUnion>;

/** Event type → what the event says. `server.heartbeat` is sent, though the published union does not list it. */
export type EventMap = { [E in Event | ServerHeartbeatEvent as E['type']]: E['properties'] };

export type EventType = keyof EventMap;

/** An event as it is sent: of one type, of several, or of any. */
export type WireEvent<T extends EventType = EventType> = { [K in T]: { type: K; properties: EventMap[K] } }[T];

/** What the global stream carries, as published. */
export class GlobalEvent {
  @StringField()
  directory: string;

  @UnionField(EventUnion)
  payload: Event;
}

/** What the global stream really carries: events that concern no directory go without one, heartbeats included. */
export interface GlobalWireEvent {
  directory?: string;
  payload: WireEvent;
}
