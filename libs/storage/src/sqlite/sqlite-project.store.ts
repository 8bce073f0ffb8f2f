import type { Project } from '#libs/contract';
import { ProjectStore } from '#libs/extension';
import type { SqliteConnection } from './sqlite-connection.js';

/** Projects in SQLite. */
export class SqliteProjectStore extends ProjectStore {
  constructor(private readonly connection: SqliteConnection) {
    super();
  }

  async find(id: string): Promise<Project | undefined> {
    const row = this.connection.statement('SELECT data FROM project WHERE id = ?').get(id);
    return row && (JSON.parse(String(row['data'])) as Project);
  }

  async list(): Promise<Project[]> {
    const rows = this.connection.statement('SELECT data FROM project ORDER BY position').all();
    return rows.map((row) => JSON.parse(String(row['data'])) as Project);
  }

  async save(project: Project): Promise<void> {
    this.connection
      .statement('INSERT INTO project (id, data) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET data = excluded.data')
      .run(project.id, JSON.stringify(project));
  }
}
