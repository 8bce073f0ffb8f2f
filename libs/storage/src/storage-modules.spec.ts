import { type DynamicModule, Injectable, Module, type OnModuleDestroy, type Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageStore, ProjectStore, SessionStore, TodoStore } from '#libs/extension';
import { MemoryStorageModule } from './memory/memory-storage.module.js';
import { DATABASE_FILE_NAME, SqliteStorageModule } from './sqlite/sqlite-storage.module.js';
import { session } from './testing/samples.js';

describe('storage modules', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'storage-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it.each([
    ['memory', () => MemoryStorageModule],
    ['sqlite', () => SqliteStorageModule.forRoot({ file: join(folder, DATABASE_FILE_NAME) })],
    ['sqlite, later', () => SqliteStorageModule.forRootAsync({ useFactory: () => ({ file: join(folder, 'b.db') }) })],
  ] as [string, () => Type | DynamicModule][])('%s: gives all ports, over the same data', async (_name, make) => {
    const app = await Test.createTestingModule({ imports: [make()] }).compile();
    await app.get(SessionStore, { strict: false }).insert(session('ses_a'));
    const todos = app.get(TodoStore, { strict: false });
    await todos.replace('ses_a', [{ content: 'a', status: 'pending', priority: 'low' }]);
    expect(await todos.list('ses_a')).toHaveLength(1);
    expect(await app.get(MessageStore, { strict: false }).listText('ses_a')).toBe('[]');
    expect(await app.get(ProjectStore, { strict: false }).list()).toEqual([]);
    await app.close();
  });

  it('closes after everything that ends in onModuleDestroy, which may still write', async () => {
    const file = join(folder, DATABASE_FILE_NAME);
    @Injectable()
    class LastWords implements OnModuleDestroy {
      constructor(private readonly sessions: SessionStore) {}
      async onModuleDestroy(): Promise<void> {
        await this.sessions.insert(session('ses_last'));
      }
    }
    @Module({ imports: [SqliteStorageModule.forRoot({ file })], providers: [LastWords] })
    class Host {}
    const app = await Test.createTestingModule({ imports: [Host] }).compile();
    const sessions = app.get(SessionStore, { strict: false });
    await app.init();
    await app.close();
    await expect(sessions.find('ses_last')).rejects.toThrow('not open');
    const again = await Test.createTestingModule({ imports: [SqliteStorageModule.forRoot({ file })] }).compile();
    expect(await again.get(SessionStore, { strict: false }).find('ses_last')).toEqual(session('ses_last'));
    await again.close();
  });
});
