import type { Stores } from '../stores.js';
import { MemoryMessageStore } from './memory-message.store.js';
import { MemoryProjectStore } from './memory-project.store.js';
import { MemorySessionStore } from './memory-session.store.js';
import { MemoryTables } from './memory-tables.js';
import { MemoryTodoStore } from './memory-todo.store.js';

/** All stores over the memory of this process, as {@link MemoryStorageModule} gives them out. @publicApi */
export class MemoryStores implements Stores {
  private readonly tables = new MemoryTables();
  readonly sessions = new MemorySessionStore(this.tables);
  readonly messages = new MemoryMessageStore(this.tables);
  readonly todos = new MemoryTodoStore(this.tables);
  readonly projects = new MemoryProjectStore(this.tables);
}
