import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryStores } from './memory/memory-stores.js';
import { SqliteStores } from './sqlite/sqlite-stores.js';
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

storageContract('Memory', async () => ({ stores: new MemoryStores(), close: () => undefined }));
