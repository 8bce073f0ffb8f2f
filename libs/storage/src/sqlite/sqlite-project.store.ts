import type { Project } from '#libs/contract';
import { ProjectStore } from '#libs/extension';
import type { SqliteConnection } from './sqlite-connection.js';

/** Projects in SQLite. */
export class SqliteProjectStore extends ProjectStore {
  constructor(private readonly connection: SqliteConnection) {
    super();
  }

  async find(id: string): Promise<Project | undefined> {
    return this.read(id);
  }

  async list(): Promise<Project[]> {
    const rows = this.connection.statement('SELECT data FROM project ORDER BY position').all();
    return rows.map((row) => JSON.parse(String(row['data'])) as Project);
  }

  async update(id: string, change: (stored: Project | undefined) => Project | undefined): Promise<Project | undefined> {
    return this.connection.transaction(() => {
      const project = change(this.read(id));
      if (project)
        this.connection
          .statement('INSERT INTO project (id, data) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET data = excluded.data')
          .run(id, JSON.stringify(project));
      return project;
    });
  }

  private read(id: string): Project | undefined {
    const row = this.connection.statement('SELECT data FROM project WHERE id = ?').get(id);
    return row && (JSON.parse(String(row['data'])) as Project);
  }
}
