import { Module } from '@nestjs/common';
import { MessageStore, PerAgent, ProjectStore, SessionStore, TodoStore } from '#libs/extension';
import { MemoryStores } from './memory-stores.js';

/** Keeps everything in memory: for tests and for servers that shall forget. @publicApi */
@PerAgent()
@Module({
  providers: [
    MemoryStores,
    { provide: SessionStore, useFactory: (stores: MemoryStores) => stores.sessions, inject: [MemoryStores] },
    { provide: MessageStore, useFactory: (stores: MemoryStores) => stores.messages, inject: [MemoryStores] },
    { provide: TodoStore, useFactory: (stores: MemoryStores) => stores.todos, inject: [MemoryStores] },
    { provide: ProjectStore, useFactory: (stores: MemoryStores) => stores.projects, inject: [MemoryStores] },
  ],
  exports: [SessionStore, MessageStore, TodoStore, ProjectStore],
})
export class MemoryStorageModule {}
