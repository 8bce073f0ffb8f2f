import { ConfigurableModuleBuilder, Module, type OnApplicationShutdown } from '@nestjs/common';
import { MessageStore, PerAgent, ProjectStore, RunClaimStore, SessionStore, TodoStore } from '#libs/extension';
import { SqliteStores } from './sqlite-stores.js';

/** Name of the database below the data directory. Not that of the reference, whose schema is another one. */
export const DATABASE_FILE_NAME = 'opencode-nest.db';

export class SqliteStorageOptions {
  /** Absolute path of the database; made, with its folder, when it is not there. */
  file!: string;
}

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<SqliteStorageOptions>({
  moduleName: 'SqliteStorage',
})
  .setClassMethodName('forRoot')
  .build();

/**
 * Keeps sessions, messages, todos and projects in one SQLite file.
 *
 * @example
 * SqliteStorageModule.forRoot({ file: join(dataDirectory, DATABASE_FILE_NAME) })
 * @publicApi
 */
@PerAgent()
@Module({
  providers: [
    {
      provide: SqliteStores,
      useFactory: (options: SqliteStorageOptions) => new SqliteStores(options.file),
      inject: [MODULE_OPTIONS_TOKEN],
    },
    { provide: SessionStore, useFactory: (stores: SqliteStores) => stores.sessions, inject: [SqliteStores] },
    { provide: MessageStore, useFactory: (stores: SqliteStores) => stores.messages, inject: [SqliteStores] },
    { provide: TodoStore, useFactory: (stores: SqliteStores) => stores.todos, inject: [SqliteStores] },
    { provide: ProjectStore, useFactory: (stores: SqliteStores) => stores.projects, inject: [SqliteStores] },
    { provide: RunClaimStore, useFactory: (stores: SqliteStores) => stores.claims, inject: [SqliteStores] },
  ],
  exports: [SessionStore, MessageStore, TodoStore, ProjectStore, RunClaimStore],
})
export class SqliteStorageModule extends ConfigurableModuleClass implements OnApplicationShutdown {
  constructor(private readonly stores: SqliteStores) {
    super();
  }

  /** After every `onModuleDestroy`: runs that end there still write their last state. */
  onApplicationShutdown(): void {
    this.stores.close();
  }
}
