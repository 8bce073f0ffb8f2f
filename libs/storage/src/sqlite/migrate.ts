import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { MIGRATIONS, type Migration } from './migrations.js';
import { StorageFileError } from './storage-file.error.js';

/** Marks the file as ours (`PRAGMA application_id`): the letters "ocns". */
const APPLICATION_ID = 0x6f636e73;

/** What is asked of a database before it is touched. */
interface Questions {
  prepare(sql: string): { get(): Record<string, SQLOutputValue> | undefined };
}

/**
 * Throws when a file must not be touched, not even by the first pragma: it is not ours, or of a newer version.
 * @internal
 */
export function inspect(database: Questions, file: string, migrations: readonly Migration[] = MIGRATIONS): void {
  refuseForeign(database, file);
  refuseNewer(database, file, migrations);
}

/**
 * Brings a database to the newest schema, one transaction per step. Several processes may do it at once: each looks
 * again once it holds the write lock.
 * @internal
 */
export function migrate(database: DatabaseSync, migrations: readonly Migration[] = MIGRATIONS): void {
  while (pragma(database, 'user_version') < migrations.length) {
    database.exec('BEGIN IMMEDIATE');
    try {
      const version = pragma(database, 'user_version');
      const next = migrations[version];
      if (next) {
        database.exec(next.sql);
        database.exec(`PRAGMA user_version = ${version + 1}; PRAGMA application_id = ${APPLICATION_ID}`);
      }
      database.exec('COMMIT');
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }
}

function refuseForeign(database: Questions, file: string): void {
  // in this order: another process may be making its tables, and marks it as ours with the first of them
  const empty = database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.['tables'] === 0;
  const application = pragma(database, 'application_id');
  if (application === APPLICATION_ID || (application === 0 && empty)) return;
  throw new StorageFileError(
    file,
    'foreign',
    `${file} is a database of another program and was left as it is. ` +
      `Give the path of a new file (or of a database that this program made) as the storage file.`,
  );
}

function refuseNewer(database: Questions, file: string, migrations: readonly Migration[]): void {
  const version = pragma(database, 'user_version');
  if (version <= migrations.length) return;
  throw new StorageFileError(
    file,
    'newer',
    `${file} was written by a newer version of this program (schema ${version}; this version knows ` +
      `${migrations.length}) and was left as it is. Update the program, or give another path as the storage file.`,
  );
}

function pragma(database: Questions, name: 'user_version' | 'application_id'): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}
