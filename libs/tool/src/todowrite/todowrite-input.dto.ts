import { ArrayField, InlineSchema, StringField, item } from '#libs/contract';

@InlineSchema()
export class TodoItemInput {
  @StringField({ description: 'What to do, in one short sentence' })
  content: string;

  @StringField({ description: 'pending, in_progress, completed or cancelled' })
  status: string;

  @StringField({ description: 'high, medium or low' })
  priority: string;
}

@InlineSchema()
export class TodoWriteInput {
  @ArrayField(item.ref(() => TodoItemInput), { description: 'The whole list; it replaces the one before' })
  todos: TodoItemInput[];
}
