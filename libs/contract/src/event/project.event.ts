import { item } from '../field/factory.js';
import { StringField, UnionField } from '../field/field.decorator.js';
import { InlineSchema } from '../field/schema.decorator.js';
import { Project } from '../project/project.dto.js';
import { wireEvent } from './wire-event.js';

@InlineSchema()
export class FileEditedProperties {
  @StringField({ description: 'Absolute path' })
  file: string;
}

@InlineSchema()
export class FileWatcherProperties {
  @StringField({ description: 'Absolute path' })
  file: string;

  @UnionField(item.union(item.literal('add'), item.literal('change'), item.literal('unlink')))
  event: 'add' | 'change' | 'unlink';
}

@InlineSchema()
export class VcsBranchProperties {
  @StringField({ optional: true })
  branch?: string;
}

@InlineSchema()
export class WorktreeReadyProperties {
  @StringField()
  name: string;

  @StringField()
  branch: string;
}

@InlineSchema()
export class WorktreeFailedProperties {
  @StringField()
  message: string;
}

/** Published on the global stream only, without a directory. */
export class ProjectUpdatedEvent extends wireEvent('project.updated', () => Project) {}

/** A tool wrote a file. */
export class FileEditedEvent extends wireEvent('file.edited', () => FileEditedProperties) {}

export class FileWatcherUpdatedEvent extends wireEvent('file.watcher.updated', () => FileWatcherProperties) {}

export class VcsBranchUpdatedEvent extends wireEvent('vcs.branch.updated', () => VcsBranchProperties) {}

export class WorktreeReadyEvent extends wireEvent('worktree.ready', () => WorktreeReadyProperties) {}

export class WorktreeFailedEvent extends wireEvent('worktree.failed', () => WorktreeFailedProperties) {}
