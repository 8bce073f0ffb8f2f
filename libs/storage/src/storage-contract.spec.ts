import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryStores } from './memory/memory-stores.js';
import { SqliteStores } from './sqlite/sqlite-stores.js';
import { runClaimContract } from './testing/run-claim-contract.js';
import { session } from './testing/samples.js';
import { storageContract } from './testing/storage-contract.js';

storageContract('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'storage-'));
  const stores = new SqliteStores(join(folder, 'test.db'));
  const close = async () => {
    stores.close();
    await rm(folder, { recursive: true });
  };
  return { stores, close };
});

runClaimContract('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'storage-'));
  const file = join(folder, 'test.db');
  const [one, other] = [new SqliteStores(file), new SqliteStores(file)];
  await one.sessions.insert(session('ses_a'));
  const close = async () => {
    one.close();
    other.close();
    await rm(folder, { recursive: true });
  };
  return { sessionID: 'ses_a', one: one.claims, other: other.claims, endOne: () => one.close(), close };
});

storageContract('Memory', async () => ({ stores: new MemoryStores(), close: () => undefined }));
