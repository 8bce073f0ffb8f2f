/** One step of the schema. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/**
 * The schema, in order. The number of steps taken is kept in `PRAGMA user_version`, so a step that was ever released
 * is never edited, moved or removed: append another one.
 *
 * Whole objects are JSON text in `data`; a column exists only for what is searched or ordered by.
 */
export const MIGRATIONS: readonly Migration[] = [
  {
    name: 'sessions, messages, parts, todos and projects',
    sql: `
      CREATE TABLE project (
        position INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        data TEXT NOT NULL
      ) STRICT;

      CREATE TABLE session (
        id TEXT PRIMARY KEY NOT NULL,
        project_id TEXT NOT NULL,
        parent_id TEXT,
        directory TEXT NOT NULL,
        updated REAL NOT NULL,
        search TEXT NOT NULL,
        data TEXT NOT NULL
      ) STRICT;
      CREATE INDEX session_by_project ON session (project_id, updated DESC, id);
      CREATE INDEX session_by_parent ON session (parent_id) WHERE parent_id IS NOT NULL;

      CREATE TABLE message (
        id TEXT PRIMARY KEY NOT NULL,
        session_id TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
        created REAL NOT NULL,
        data TEXT NOT NULL
      ) STRICT;
      CREATE INDEX message_by_session ON message (session_id, created, id);

      CREATE TABLE part (
        id TEXT PRIMARY KEY NOT NULL,
        message_id TEXT NOT NULL REFERENCES message (id) ON DELETE CASCADE,
        data TEXT NOT NULL
      ) STRICT;
      CREATE INDEX part_by_message ON part (message_id, id);

      CREATE TABLE todo (
        session_id TEXT PRIMARY KEY NOT NULL REFERENCES session (id) ON DELETE CASCADE,
        data TEXT NOT NULL
      ) STRICT;
    `,
  },
  {
    name: 'claims of servers on sessions',
    sql: `
      CREATE TABLE run (
        session_id TEXT PRIMARY KEY NOT NULL REFERENCES session (id) ON DELETE CASCADE,
        owner TEXT NOT NULL
      ) STRICT;
    `,
  },
  {
    name: 'requests to end the work on sessions',
    sql: `ALTER TABLE run ADD COLUMN ending INTEGER NOT NULL DEFAULT 0;`,
  },
];
