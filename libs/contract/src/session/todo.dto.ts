import { StringField } from '../field/field.decorator.js';

/** One entry of a session’s to-do list. */
export class Todo {
  @StringField()
  content: string;

  @StringField()
  status: string;

  @StringField()
  priority: string;
}
