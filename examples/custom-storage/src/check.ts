import 'reflect-metadata';
import { storageContract, TestServer } from 'opencode-nest/testing';
import assert from 'node:assert/strict';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { JournalStorageModule } from './journal-storage.module.js';
import { JournalStores } from './journal-stores.js';

const folder = () => mkdtempDisposable(join(tmpdir(), 'journal-'));

storageContract(
  'A journal',
  async () => {
    const place = await folder();
    const journal = await JournalStores.open(join(place.path, 'journal.jsonl'));
    const close = async () => {
      await journal.close();
      await place.remove();
    };
    return { stores: journal.stores, close };
  },
  { describe, it },
);

describe('a server on a journal', () => {
  it('has its sessions again after a restart', async () => {
    await using place = await folder();
    const storage = () => JournalStorageModule.forRoot(join(place.path, 'journal.jsonl'));
    let id: string;
    {
      await using server = await TestServer.start({ storage: storage() });
      id = (await server.request('/session', { json: { title: 'Kept' } })).body.id;
      await server.request(`/session/${id}/message`, { json: { parts: [{ type: 'text', text: 'list .' }] } });
    }
    await using server = await TestServer.start({ storage: storage() });
    assert.equal((await server.request(`/session/${id}`)).body.title, 'Kept');
    assert.ok((await server.request(`/session/${id}/message`)).body.length >= 2);
  });
});
