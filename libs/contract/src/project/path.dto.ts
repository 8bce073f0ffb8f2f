import { StringField } from '../field/field.decorator.js';
import { NamedSchema } from '../field/schema.decorator.js';

/** Directories of the server and of the instance. */
@NamedSchema('Path')
export class PathInfo {
  @StringField()
  home: string;

  @StringField()
  state: string;

  @StringField()
  config: string;

  @StringField()
  worktree: string;

  @StringField()
  directory: string;
}

/** Version control of the instance’s directory. */
export class VcsInfo {
  @StringField()
  branch: string;
}
