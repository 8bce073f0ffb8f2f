import type { Todo } from '#libs/contract';
import { TodoStore } from '#libs/extension';
import { MissingOwnerError } from '../missing-owner.error.js';
import type { SqliteConnection } from './sqlite-connection.js';

/** Todo lists in SQLite, one row per session. */
export class SqliteTodoStore extends TodoStore {
  constructor(private readonly connection: SqliteConnection) {
    super();
  }

  async list(sessionID: string): Promise<Todo[]> {
    const row = this.connection.statement('SELECT data FROM todo WHERE session_id = ?').get(sessionID);
    return row ? (JSON.parse(String(row['data'])) as Todo[]) : [];
  }

  async replace(sessionID: string, todos: readonly Todo[]): Promise<void> {
    const { changes } = this.connection
      .statement(
        `INSERT INTO todo (session_id, data) SELECT ?1, ?2 WHERE EXISTS (SELECT 1 FROM session WHERE id = ?1)
         ON CONFLICT (session_id) DO UPDATE SET data = excluded.data`,
      )
      .run(sessionID, JSON.stringify(todos));
    if (changes === 0) throw new MissingOwnerError('The todo list', sessionID);
  }
}
