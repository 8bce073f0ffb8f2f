import type { DynamicModule } from '@nestjs/common';
import { join } from 'node:path';
import { BootError, Environment, MessageStore, ProjectStore, SessionStore, TodoStore } from '#libs/extension';
import { DATABASE_FILE_NAME, MemoryStorageModule, SqliteStorageModule } from '#libs/storage';
import { OPENCODE_OPTIONS, type OpencodeExtras, type OpencodeOptions, type StorageModule } from './opencode-options.js';

const PORTS = [SessionStore, MessageStore, TodoStore, ProjectStore];

/** The storage module that the options ask for. */
export function chooseStorage({ storage, isolated }: OpencodeExtras, world: DynamicModule): StorageModule {
  if (storage === 'memory') return MemoryStorageModule;
  if (storage !== undefined && storage !== 'sqlite') return checked(storage);
  const name = isolated === undefined ? DATABASE_FILE_NAME : DATABASE_FILE_NAME.replace(/(?=\.\w+$)/, `-${isolated}`);
  return SqliteStorageModule.forRootAsync({
    imports: [world],
    inject: [OPENCODE_OPTIONS, Environment],
    useFactory: (options: OpencodeOptions, environment: Environment) => ({
      file: options.database ?? join(environment.paths.data, name),
    }),
  });
}

function checked(storage: StorageModule): StorageModule {
  if (typeof storage !== 'function' && typeof storage !== 'object')
    throw new BootError(
      `OpencodeModule: storage is ${JSON.stringify(storage)}. Use 'sqlite', 'memory', or a module that exports the storage ports.`,
    );
  const type = typeof storage === 'function' ? storage : storage.module;
  const exported = [
    ...((Reflect.getMetadata('exports', type) as unknown[] | undefined) ?? []),
    ...(typeof storage === 'function' ? [] : (storage.exports ?? [])),
  ].map((entry) => (typeof entry === 'object' && entry !== null && 'provide' in entry ? entry.provide : entry));
  const missing = PORTS.filter((port) => !exported.includes(port));
  // a module that hands on another module may get the ports from there
  const handsOn = exported.some((entry) => typeof entry === 'function' && Reflect.hasMetadata('providers', entry));
  if (missing.length > 0 && !handsOn)
    throw new BootError(
      `OpencodeModule: the storage module ${type.name} does not export ${missing.map(({ name }) => name).join(', ')}. ` +
        `Provide an implementation for each of them and list it in the exports of ${type.name}.`,
    );
  return storage;
}
