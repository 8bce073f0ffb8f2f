import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { inspect, migrate } from './migrate.js';
import { StorageFileError } from './storage-file.error.js';

/** How long a statement waits for another process that is writing, in milliseconds. */
const BUSY_TIMEOUT = 5_000;

/** What SQLite says when another process holds a lock. */
const BUSY = 5;

const PRAGMAS = `
  PRAGMA synchronous = NORMAL;
  PRAGMA cache_size = -65536;
  PRAGMA mmap_size = 268435456;
  PRAGMA journal_size_limit = 67108864;
  PRAGMA temp_store = MEMORY;
`;

/**
 * One open database file with its prepared statements. Calls are synchronous, hence a transaction is never mixed with
 * other work of this process.
 * @internal
 */
export class SqliteConnection {
  private readonly statements = new Map<string, StatementSync>();

  private constructor(private readonly database: DatabaseSync) {}

  /**
   * Opens a file, creating it and its folder for this user only, and migrates it.
   * @throws StorageFileError when it cannot be used
   */
  static open(file: string): SqliteConnection {
    let database: DatabaseSync | undefined;
    try {
      createPrivately(file);
      database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT, enableForeignKeyConstraints: true });
      inspect(database, file);
      logAhead(database);
      database.exec(PRAGMAS);
      migrate(database);
      return new SqliteConnection(database);
    } catch (error) {
      database?.close();
      if (StorageFileError.is(error)) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new StorageFileError(
        file,
        'unusable',
        `The database ${file} cannot be opened: ${reason}. ` +
          `Check that the path is writable and that the file is an intact SQLite database, or give another path.`,
        { cause: error },
      );
    }
  }

  /** Compiled once per text. */
  statement(sql: string): StatementSync {
    const known = this.statements.get(sql);
    if (known) return known;
    const made = this.database.prepare(sql);
    this.statements.set(sql, made);
    return made;
  }

  /** Runs `work` all or nothing. */
  transaction<T>(work: () => T): T {
    this.statement('BEGIN IMMEDIATE').run();
    try {
      const result = work();
      this.statement('COMMIT').run();
      return result;
    } catch (error) {
      if (this.database.isTransaction) this.statement('ROLLBACK').run();
      throw error;
    }
  }

  /** Idempotent. */
  close(): void {
    this.statements.clear();
    if (this.database.isOpen) this.database.close();
  }
}

/** The change to a write-ahead log, unlike all else, does not wait by itself for another process that is writing. */
function logAhead(database: DatabaseSync): void {
  for (const until = Date.now() + BUSY_TIMEOUT; ;) {
    try {
      return database.exec('PRAGMA journal_mode = WAL');
    } catch (error) {
      if ((error as { errcode?: number }).errcode !== BUSY || Date.now() > until) throw error;
    }
    // this does, and throws when it takes too long
    database.exec('BEGIN IMMEDIATE; ROLLBACK');
  }
}

/** SQLite gives its side files the mode of the main file, so that one only has to be right. */
function createPrivately(file: string): void {
  if (existsSync(file)) return;
  const folder = dirname(file);
  const made = mkdirSync(folder, { recursive: true, mode: 0o700 });
  // a lax umask may not widen it, a strict one may have narrowed it
  if (made !== undefined) chmodSync(folder, 0o700);
  closeSync(openSync(file, 'a', 0o600));
}
