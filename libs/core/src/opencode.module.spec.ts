import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { OnEvent } from '@nestjs/event-emitter';
import { mkdtemp, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ConfigService } from '#libs/config';
import { EventBus, type PublishedEvent } from '#libs/event';
import { BootError, Clock, Environment, SessionStore, ShareService, SystemEnvironment } from '#libs/extension';
import { InstanceStore } from '#libs/instance';
import { PermissionService } from '#libs/permission';
import { ProviderService } from '#libs/provider';
import { SessionRunner, SessionService } from '#libs/session';
import { ToolRegistry } from '#libs/tool';

import { OpencodeModule } from './opencode.module.js';

const EXPORTED = [
  Environment,
  Clock,
  SessionStore,
  InstanceStore,
  EventBus,
  ConfigService,
  PermissionService,
  ProviderService,
  ToolRegistry,
  SessionService,
  SessionRunner,
];

@Injectable()
class Host {
  readonly heard: string[] = [];

  constructor(
    readonly sessions: SessionService,
    readonly instances: InstanceStore,
  ) {}

  @OnEvent('session.created')
  onCreated(event: PublishedEvent<'session.created'>): void {
    this.heard.push(event.properties.info.id);
  }
}

describe('OpencodeModule', () => {
  let home: string;
  let environment: Environment;
  beforeAll(async () => {
    home = await realpath(await mkdtemp(join(tmpdir(), 'opencode-core-')));
    environment = new SystemEnvironment({ HOME: home, OPENCODE_DISABLE_MODELS_FETCH: '1' }, home);
  });
  afterAll(() => rm(home, { recursive: true, force: true, maxRetries: 3 }));

  const start = (module: Parameters<typeof NestFactory.createApplicationContext>[0]) =>
    NestFactory.createApplicationContext(module, { logger: false, abortOnError: false });

  it('works without HTTP, and tells @OnEvent handlers of the host', async () => {
    const opencode = OpencodeModule.forRoot({ environment, storage: 'memory', localModels: false });
    @Module({ imports: [opencode], providers: [Host] })
    class HostModule {}
    const app = await start(HostModule);
    try {
      const host = app.get(Host);
      const session = await host.instances.use(home, (instance) => host.sessions.create(instance, {}));
      expect(host.heard).toEqual([session.id]);
      for (const token of EXPORTED) expect(app.select(HostModule).get(token, { strict: false })).toBeDefined();
    } finally {
      await app.close();
    }
    await expect(stat(join(environment.paths.data, 'opencode-nest.db'))).rejects.toThrow('ENOENT');
  });

  it('keeps its database in the data directory, or where it is told to', async () => {
    const database = join(home, 'elsewhere/kept.db');
    for (const options of [{}, { database }]) {
      const app = await start(OpencodeModule.forRoot({ environment, ...options }));
      await app.close();
    }
    await stat(join(environment.paths.data, 'opencode-nest.db'));
    await stat(database);
  });

  it('keeps directories for ever when it is told to', async () => {
    const app = await start(OpencodeModule.forRoot({ environment, storage: 'memory', idleTimeout: Infinity }));
    const instances = app.get(InstanceStore);
    const use = () => instances.use(home, async (instance) => instance);
    const first = await use();
    await delay(50);
    expect(await use()).toBe(first);
    await app.close();
  });

  it('does not start with a port that was made for another version', async () => {
    class OldShareService extends ShareService {
      override readonly specificationVersion = 'opencode-nest/ports/v0';
      share = async () => ({ url: 'https://share.example/1' });
      unshare = async () => undefined;
    }
    const shareService = new OldShareService();
    await expect(start(OpencodeModule.forRoot({ environment, storage: 'memory', shareService }))).rejects.toThrow(
      /^OldShareService was made for ShareService of version "opencode-nest\/ports\/v0"; .*Extend ShareService/,
    );
  });

  it('takes its options from a factory', async () => {
    @Module({ providers: [{ provide: 'settings', useFactory: () => ({ environment }) }], exports: ['settings'] })
    class SettingsModule {}
    const app = await start(
      OpencodeModule.forRootAsync({
        imports: [SettingsModule],
        inject: ['settings'],
        useFactory: (settings: { environment: Environment }) => settings,
        storage: 'memory',
      }),
    );
    expect(app.get(Environment)).toBe(environment);
    await app.close();
  });

  it('lets other modules inject its services only when it is global', async () => {
    @Module({ providers: [Host] })
    class FeatureModule {}
    const app = (isGlobal: boolean) => ({
      module: class RootModule {},
      imports: [OpencodeModule.forRoot({ environment, storage: 'memory', isGlobal }), FeatureModule],
    });
    await expect(start(app(false))).rejects.toThrow(/SessionService/);
    const running = await start(app(true));
    expect(running.get(Host).sessions).toBe(running.get(SessionService));
    await running.close();
  });

  it('refuses to be there twice', async () => {
    const twice = {
      module: class RootModule {},
      imports: [
        OpencodeModule.forRoot({ environment, storage: 'memory' }),
        OpencodeModule.forRoot({ environment, storage: 'memory' }),
      ],
    };
    const failure: unknown = await start(twice).catch((error: unknown) => error);
    expect(BootError.is(failure)).toBe(true);
    expect(String(failure)).toMatch(/stands twice.*isGlobal: true/);
  });

  it('says which storage ports are missing, and where', () => {
    @Module({ providers: [{ provide: SessionStore, useValue: {} }], exports: [SessionStore] })
    class HalfStorageModule {}
    expect(() => OpencodeModule.forRoot({ environment, storage: HalfStorageModule })).toThrow(
      /HalfStorageModule does not export MessageStore, TodoStore, ProjectStore/,
    );
    expect(() => OpencodeModule.forRoot({ environment, storage: 'postgres' as 'sqlite' })).toThrow(BootError);
  });
});
