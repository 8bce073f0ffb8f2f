import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { MessageStore, ProjectStore, SessionStore, type Stores, TodoStore } from 'opencode-nest';
import { JournalStores } from './journal-stores.js';

const PORTS = { sessions: SessionStore, messages: MessageStore, todos: TodoStore, projects: ProjectStore };

/** Give it to `OpencodeModule.forRoot({ storage: JournalStorageModule.forRoot('sessions.jsonl') })`. */
@Module({})
export class JournalStorageModule implements OnApplicationShutdown {
  constructor(@Inject(JournalStores) private readonly journal: JournalStores) {}

  static forRoot(path: string): DynamicModule {
    return {
      module: JournalStorageModule,
      providers: [
        { provide: JournalStores, useFactory: () => JournalStores.open(path) },
        ...Object.entries(PORTS).map(([name, port]) => ({
          provide: port,
          inject: [JournalStores],
          useFactory: ({ stores }: JournalStores) => stores[name as keyof Stores],
        })),
      ],
      exports: Object.values(PORTS),
    };
  }

  /** The last hook of all: runs that end at shutdown still write. */
  onApplicationShutdown(): Promise<void> {
    return this.journal.close();
  }
}
