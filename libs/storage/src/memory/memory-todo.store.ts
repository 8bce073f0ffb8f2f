import type { Todo } from '#libs/contract';
import { TodoStore } from '#libs/extension';
import { MissingOwnerError } from '../missing-owner.error.js';
import type { MemoryTables } from './memory-tables.js';

/** Todo lists that end with the process. */
export class MemoryTodoStore extends TodoStore {
  constructor(private readonly tables: MemoryTables) {
    super();
  }

  async list(sessionID: string): Promise<Todo[]> {
    return JSON.parse(this.tables.todos.get(sessionID) ?? '[]') as Todo[];
  }

  async replace(sessionID: string, todos: readonly Todo[]): Promise<void> {
    if (!this.tables.sessions.has(sessionID)) throw new MissingOwnerError('The todo list', sessionID);
    this.tables.todos.set(sessionID, JSON.stringify(todos));
  }
}
