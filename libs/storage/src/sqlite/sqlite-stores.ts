import type { Stores } from '../stores.js';
import { ServerLock } from './server-lock.js';
import { SqliteConnection } from './sqlite-connection.js';
import { SqliteMessageStore } from './sqlite-message.store.js';
import { SqliteProjectStore } from './sqlite-project.store.js';
import { SqliteRunClaimStore } from './sqlite-run-claim.store.js';
import { SqliteSessionStore } from './sqlite-session.store.js';
import { SqliteTodoStore } from './sqlite-todo.store.js';

/** All stores over one database file. */
export class SqliteStores implements Stores {
  readonly sessions: SqliteSessionStore;
  readonly messages: SqliteMessageStore;
  readonly todos: SqliteTodoStore;
  readonly projects: SqliteProjectStore;
  readonly claims: SqliteRunClaimStore;
  private readonly connection: SqliteConnection;
  private readonly lock: ServerLock;

  /** @throws StorageFileError when the file cannot be used */
  constructor(file: string) {
    this.connection = SqliteConnection.open(file);
    this.sessions = new SqliteSessionStore(this.connection);
    this.messages = new SqliteMessageStore(this.connection);
    this.todos = new SqliteTodoStore(this.connection);
    this.projects = new SqliteProjectStore(this.connection);
    this.lock = new ServerLock(`${file}-servers`);
    this.claims = new SqliteRunClaimStore(this.connection, this.lock);
  }

  /** Idempotent; every later call of a store rejects. */
  close(): void {
    this.connection.close();
    this.lock.close();
  }
}
