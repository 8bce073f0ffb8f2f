import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { session } from '../testing/samples.js';
import { ServerLock } from './server-lock.js';
import { SqliteStores } from './sqlite-stores.js';

const SERVER = join(import.meta.dirname, '../../test/claiming-server.mjs');

describe('ServerLock', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'storage-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is taken at the first use, by files of this user only, and leaves nothing behind', async () => {
    const locks = join(folder, 'servers');
    const lock = new ServerLock(locks);
    expect(await readdir(folder)).toEqual([]);
    const id = lock.id();
    expect(lock.id()).toBe(id);
    expect((await stat(locks)).mode & 0o777).toBe(0o700);
    expect((await stat(join(locks, `${id}.lock`))).mode & 0o777).toBe(0o600);
    expect(new ServerLock(locks).isAlive(id)).toBe(true);
    lock.close();
    lock.close();
    expect(new ServerLock(locks).isAlive(id)).toBe(false);
    expect(await readdir(locks)).toEqual([]);
  });

  it('sweeps up what killed servers left, but no lock that may be about to be taken', async () => {
    const lock = new ServerLock(folder);
    const id = lock.id();
    const old = new Date(Date.now() - 3_600_000);
    for (const name of ['old.lock', 'young.lock', 'other.txt']) await writeFile(join(folder, name), '');
    for (const name of ['old.lock', 'other.txt', `${id}.lock`]) await utimes(join(folder, name), old, old);
    const second = new ServerLock(folder);
    const names = [`${id}.lock`, 'other.txt', `${second.id()}.lock`, 'young.lock'];
    expect((await readdir(folder)).sort()).toEqual(names.sort());
    second.close();
    lock.close();
  });

  it('is gone with a process that was killed', async () => {
    const file = join(folder, 'test.db');
    const stores = new SqliteStores(file);
    await stores.sessions.insert(session('ses_a'));
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', SERVER, file, 'ses_a']);
    try {
      const [said] = (await once(child.stdout, 'data')) as [Buffer];
      expect(said.toString()).toBe('true\n');
      expect(await stores.claims.find('ses_a')).toBe('other');
      expect(await stores.claims.claim('ses_a')).toBe(false);
      child.kill('SIGKILL');
      await once(child, 'close');
      expect(await stores.claims.find('ses_a')).toBe('lost');
      expect(await stores.claims.claim('ses_a')).toBe(true);
    } finally {
      child.kill('SIGKILL');
      stores.close();
    }
  });
});
