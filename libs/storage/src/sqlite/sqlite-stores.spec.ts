import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { session, text, user } from '../testing/samples.js';
import { inspect, migrate } from './migrate.js';
import { MIGRATIONS } from './migrations.js';
import { SqliteStores } from './sqlite-stores.js';
import { StorageFileError } from './storage-file.error.js';

describe('SqliteStores', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'storage-'));
    file = join(folder, 'below', 'deeper', 'test.db');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('makes file and folder for this user only', async () => {
    const stores = new SqliteStores(file);
    await stores.sessions.insert(session('ses_a'));
    expect((await stat(join(folder, 'below', 'deeper'))).mode & 0o777).toBe(0o700);
    for (const suffix of ['', '-wal', '-shm']) expect((await stat(file + suffix)).mode & 0o777).toBe(0o600);
    stores.close();
  });

  it('finds everything again, also from a second connection while the first is open', async () => {
    const first = new SqliteStores(file);
    const info = user('msg_a', 'ses_a');
    await first.sessions.insert(session('ses_a'));
    await first.messages.insert(info, [text('prt_a', info)]);
    const second = new SqliteStores(file);
    expect(await second.messages.list('ses_a')).toEqual([{ info, parts: [text('prt_a', info)] }]);
    await second.sessions.remove('ses_a');
    await expect(first.messages.savePart(text('prt_b', info))).rejects.toThrow('msg_a does not exist');
    first.close();
    first.close();
    second.close();
    const third = new SqliteStores(file);
    expect(await third.sessions.list({})).toEqual([]);
    third.close();
  });

  it('lets nobody write between what an update reads and what it writes', async () => {
    const stores = new SqliteStores(file);
    await stores.sessions.insert(session('ses_a'));
    const other = new DatabaseSync(file, { timeout: 0 });
    const write = () => other.exec('BEGIN IMMEDIATE; ROLLBACK');
    const tries: unknown[] = [];
    const attempt = <T>(stored: T): T => {
      expect(write).toThrow('locked');
      tries.push(stored);
      return stored;
    };
    await stores.sessions.update('ses_a', attempt);
    await stores.projects.update('project', attempt);
    expect(tries).toEqual([session('ses_a'), undefined]);
    write();
    other.close();
    stores.close();
  });

  it('rejects after it was closed', async () => {
    const stores = new SqliteStores(file);
    stores.close();
    await expect(stores.sessions.find('ses_a')).rejects.toThrow('not open');
  });

  it('refuses a database of a newer version and leaves it as it is', async () => {
    new SqliteStores(file).close();
    const database = new DatabaseSync(file);
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`);
    database.close();
    const before = await readFile(file);
    expect(problemOf(file)).toMatchObject({
      problem: 'newer',
      message: expect.stringMatching(/newer version .*Update the program/),
    });
    expect(await readFile(file)).toEqual(before);
  });

  it('refuses a database of another program and leaves it as it is', async () => {
    const other = join(folder, 'other.db');
    const database = new DatabaseSync(other);
    database.exec('CREATE TABLE session (id TEXT)');
    database.close();
    const before = await readFile(other);
    expect(problemOf(other)).toMatchObject({ problem: 'foreign', message: expect.stringContaining('another program') });
    expect(await readFile(other)).toEqual(before);
  });

  it('explains a file that is no database, a folder, and a path that cannot be made', async () => {
    const broken = join(folder, 'broken.db');
    await writeFile(broken, 'this is a text and no database at all\n'.repeat(100));
    expect(problemOf(broken)).toMatchObject({ problem: 'unusable', file: broken });
    expect(problemOf(folder)).toMatchObject({ problem: 'unusable' });
    expect(problemOf(join(broken, 'test.db'))).toMatchObject({ problem: 'unusable' });
  });

  it('takes an empty file', async () => {
    const empty = join(folder, 'empty.db');
    await writeFile(empty, '');
    const stores = new SqliteStores(empty);
    expect(await stores.sessions.list({})).toEqual([]);
    stores.close();
  });
});

describe('a file that several processes open for the first time', () => {
  let file: string;
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'storage-'));
    file = join(folder, 'test.db');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is waited for while another one writes it', async () => {
    const other = spawn(process.execPath, [
      '--disable-warning=ExperimentalWarning',
      '--input-type=module',
      '--eval',
      `import { DatabaseSync } from 'node:sqlite';
       const database = new DatabaseSync(process.argv[1]);
       database.exec('BEGIN IMMEDIATE');
       console.log('writes');
       setTimeout(() => database.exec('COMMIT'), 100);`,
      file,
    ]);
    await once(other.stdout, 'data');
    const stores = new SqliteStores(file);
    expect(await stores.sessions.list({})).toEqual([]);
    stores.close();
    await once(other, 'close');
  });

  it('is not taken for that of another program while its tables are made', () => {
    const database = new DatabaseSync(file);
    const statements: string[] = [];
    const prepare = (sql: string) => {
      const statement = database.prepare(sql);
      return {
        get: () => {
          const row = statement.get();
          // the other one is done between this answer and the next question
          if (statements.push(sql) === 1) new SqliteStores(file).close();
          return row;
        },
      };
    };
    inspect({ prepare }, file);
    expect(statements.length).toBeGreaterThan(2);
    database.close();
  });
});

describe('migrate', () => {
  it('takes the missing steps in order, and each one wholly or not at all', () => {
    const database = new DatabaseSync(':memory:');
    const steps = [
      { name: 'one', sql: 'CREATE TABLE one (id TEXT)' },
      { name: 'two', sql: 'CREATE TABLE two (id TEXT); INSERT INTO one VALUES (1)' },
    ];
    migrate(database, steps.slice(0, 1));
    migrate(database, steps);
    const broken = { name: 'broken', sql: 'CREATE TABLE three (id TEXT); INSERT INTO nowhere VALUES (1)' };
    expect(() => migrate(database, [...steps, broken])).toThrow('nowhere');
    expect(database.prepare('SELECT name FROM sqlite_schema').all()).toEqual([
      expect.objectContaining({ name: 'one' }),
      expect.objectContaining({ name: 'two' }),
    ]);
    expect(database.prepare('PRAGMA user_version').get()).toEqual(expect.objectContaining({ user_version: 2 }));
    expect(database.isTransaction).toBe(false);
    database.close();
  });
});

function problemOf(file: string): unknown {
  try {
    new SqliteStores(file).close();
  } catch (error) {
    expect(StorageFileError.is(error)).toBe(true);
    return error;
  }
  throw new Error('It was opened');
}
