import { StringField } from '../field/field.decorator.js';
import { InlineSchema } from '../field/schema.decorator.js';
import { wireEvent } from './wire-event.js';

@InlineSchema()
export class NoProperties {}

@InlineSchema()
export class DirectoryProperties {
  @StringField()
  directory: string;
}

@InlineSchema()
export class VersionProperties {
  @StringField()
  version: string;
}

/** First frame of every event stream. */
export class ServerConnectedEvent extends wireEvent('server.connected', () => NoProperties) {}

/** Keeps idle event streams open. Sent, though the published union of events does not list it. */
export class ServerHeartbeatEvent extends wireEvent('server.heartbeat', () => NoProperties) {}

/** The instance of a directory is gone; its event stream closes after this. */
export class ServerInstanceDisposedEvent extends wireEvent('server.instance.disposed', () => DirectoryProperties) {}

/** All instances are gone. */
export class GlobalDisposedEvent extends wireEvent('global.disposed', () => NoProperties) {}

export class InstallationUpdatedEvent extends wireEvent('installation.updated', () => VersionProperties) {}

export class InstallationUpdateAvailableEvent extends wireEvent(
  'installation.update-available',
  () => VersionProperties,
) {}
