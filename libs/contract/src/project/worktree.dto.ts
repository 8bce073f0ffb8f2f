import { StringField } from '../field/field.decorator.js';

/** A linked git worktree made for a project. */
export class Worktree {
  @StringField()
  name: string;

  @StringField()
  branch: string;

  @StringField()
  directory: string;
}

/** Body of `POST /experimental/worktree`. */
export class WorktreeCreateInput {
  @StringField({ optional: true })
  name?: string;

  @StringField({ optional: true })
  startCommand?: string;
}

/** Body of `DELETE /experimental/worktree`. */
export class WorktreeRemoveInput {
  @StringField()
  directory: string;
}

/** Body of `POST /experimental/worktree/reset`. */
export class WorktreeResetInput {
  @StringField()
  directory: string;
}
