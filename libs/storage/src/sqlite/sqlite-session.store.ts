import type { Session } from '#libs/contract';
import { DuplicateIdError, type SessionQuery, SessionStore } from '#libs/extension';
import { searchable, wholeLimit } from '../session-filter.js';
import type { SqliteConnection } from './sqlite-connection.js';

type Value = string | number | null;

/** Sessions in SQLite. */
export class SqliteSessionStore extends SessionStore {
  constructor(private readonly connection: SqliteConnection) {
    super();
  }

  async insert(session: Session): Promise<void> {
    const { changes } = this.connection
      .statement(
        `INSERT INTO session (id, project_id, parent_id, directory, updated, search, data)
         VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
      )
      .run(session.id, ...columns(session));
    if (changes === 0) throw new DuplicateIdError(session.id);
  }

  async find(id: string): Promise<Session | undefined> {
    return this.read(id);
  }

  async list(query: SessionQuery): Promise<Session[]> {
    const conditions: string[] = [];
    const values: Value[] = [];
    const where = (condition: string, ...bound: Value[]) => {
      conditions.push(condition);
      values.push(...bound);
    };
    if (query.projectID !== undefined) where('project_id = ?', query.projectID);
    if (query.directory !== undefined) where('directory = ?', query.directory);
    if (query.parentID !== undefined) where('parent_id = ?', query.parentID);
    if (query.roots) where('parent_id IS NULL');
    if (query.start !== undefined) where('updated >= ?', query.start);
    if (query.search) where('instr(search, ?) > 0', searchable(query.search));
    const filter = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
    const rows = this.connection
      .statement(`SELECT data FROM session ${filter} ORDER BY updated DESC, id LIMIT ?`)
      .all(...values, wholeLimit(query.limit) ?? -1);
    return rows.map((row) => JSON.parse(String(row['data'])) as Session);
  }

  async update(id: string, change: (stored: Session) => Session): Promise<Session | undefined> {
    return this.connection.transaction(() => {
      const stored = this.read(id);
      if (!stored) return undefined;
      const session = change(stored);
      this.connection
        .statement(
          `UPDATE session SET project_id = ?, parent_id = ?, directory = ?, updated = ?, search = ?, data = ?
           WHERE id = ?`,
        )
        .run(...columns(session), id);
      return session;
    });
  }

  async remove(id: string): Promise<boolean> {
    // messages, parts and todos go with it: ON DELETE CASCADE
    return this.connection.statement('DELETE FROM session WHERE id = ?').run(id).changes > 0;
  }

  private read(id: string): Session | undefined {
    const row = this.connection.statement('SELECT data FROM session WHERE id = ?').get(id);
    return row && (JSON.parse(String(row['data'])) as Session);
  }
}

function columns(session: Session): Value[] {
  return [
    session.projectID,
    session.parentID ?? null,
    session.directory,
    session.time.updated,
    searchable(session.title),
    JSON.stringify(session),
  ];
}
