import { item } from '../field/factory.js';
import { ArrayField, LiteralField, ObjectField, StringField, TimeField } from '../field/field.decorator.js';
import { InlineSchema } from '../field/schema.decorator.js';

/** How clients show a project. */
@InlineSchema()
export class ProjectIcon {
  @StringField({ optional: true })
  url?: string;

  @StringField({ optional: true })
  override?: string;

  @StringField({ optional: true })
  color?: string;
}

/** Shell commands of a project. */
@InlineSchema()
export class ProjectCommands {
  @StringField({ optional: true })
  start?: string;
}

/** Moments in a project’s life; `initialized`: its AGENTS.md was written. */
@InlineSchema()
export class ProjectTime {
  @TimeField()
  created: number;

  @TimeField()
  updated: number;

  @TimeField({ optional: true })
  initialized?: number;
}

/** A repository, or `global` for directories outside of one. */
export class Project {
  @StringField()
  id: string;

  @StringField()
  worktree: string;

  @LiteralField('git', { optional: true })
  vcs?: 'git';

  @StringField({ optional: true })
  name?: string;

  @ObjectField(() => ProjectIcon, { optional: true })
  icon?: ProjectIcon;

  @ObjectField(() => ProjectCommands, { optional: true })
  commands?: ProjectCommands;

  @ObjectField(() => ProjectTime)
  time: ProjectTime;

  @ArrayField(item.string())
  sandboxes: string[];
}

/** Body of `PATCH /project/:projectID`: given fields change, the others stay. */
@InlineSchema()
export class ProjectUpdateInput {
  @StringField({ optional: true })
  name?: string;

  @ObjectField(() => ProjectIcon, { optional: true })
  icon?: ProjectIcon;

  @ObjectField(() => ProjectCommands, { optional: true })
  commands?: ProjectCommands;
}
