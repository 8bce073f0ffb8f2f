import { type DynamicModule, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { OnEvent } from '@nestjs/event-emitter';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventBus } from '#libs/event';
import {
  AgentTool,
  BootError,
  type Environment,
  getAgentToken,
  IsolatedAgent,
  RunClaimStore,
  SessionStore,
  SystemEnvironment,
} from '#libs/extension';
import { InstanceStore } from '#libs/instance';
import { SessionService } from '#libs/session';
import { MemoryStorageModule } from '#libs/storage';
import { ToolRegistry } from '#libs/tool';
import { OpencodeModule } from './opencode.module.js';

class NoInput {}

@AgentTool({ id: 'mine', description: 'Of one agent only.', input: NoInput })
class MineTool {
  async execute() {
    return { title: 'mine', output: 'mine' };
  }
}

@Injectable()
class Ear {
  readonly heard: string[] = [];

  @OnEvent('session.created')
  onCreated(): void {
    this.heard.push('created');
  }
}

@Module({ providers: [MineTool, Ear], exports: [Ear] })
class MineModule {}

describe('isolated agents', () => {
  let home: string;
  let environment: Environment;
  beforeAll(async () => {
    home = await realpath(await mkdtemp(join(tmpdir(), 'opencode-isolated-')));
    environment = new SystemEnvironment({ HOME: home, OPENCODE_DISABLE_MODELS_FETCH: '1' }, home);
  });
  afterAll(() => rm(home, { recursive: true, force: true, maxRetries: 3 }));

  const start = (...imports: DynamicModule['imports'] & object) =>
    NestFactory.createApplicationContext(
      { module: class RootModule {}, imports },
      { logger: false, abortOnError: false },
    );
  const agent = (name: string, more: object = {}) =>
    OpencodeModule.forRoot({ environment, localModels: false, storage: 'memory', isolated: name, ...more });

  it('live beside the agent of the application, and neither finds what belongs to the other', async () => {
    @Injectable()
    class Host {
      constructor(
        readonly instances: InstanceStore,
        readonly tools: ToolRegistry,
        readonly events: EventBus,
      ) {}
    }
    const unnamed = OpencodeModule.forRoot({ environment, localModels: false });
    @Module({ imports: [unnamed], providers: [Ear, Host] })
    class HostModule {}
    const app = await start(agent('a', { modules: [MineModule] }), HostModule);
    try {
      const isolated = app.get<IsolatedAgent>(getAgentToken('a'), { strict: false });
      const host = app.get(Host, { strict: false });
      const ids = (instances: InstanceStore, tools: ToolRegistry) =>
        instances.use(home, async (instance) => (await tools.list(instance)).map(({ id }) => id));
      expect(await ids(isolated.get(InstanceStore), isolated.get(ToolRegistry))).toContain('mine');
      expect(await ids(host.instances, host.tools)).not.toContain('mine');
      await isolated.get(InstanceStore).use(home, (instance) => isolated.get(SessionService).create(instance, {}));
      expect(isolated.get(Ear).heard).toEqual(['created']);
      expect(app.select(HostModule).get(Ear, { strict: true }).heard).toEqual([]);
      expect(isolated.get(EventBus)).not.toBe(host.events);
      // the SQLite store of the application has claims, the memory of the agent has none
      expect(isolated.get(RunClaimStore)).toBeUndefined();
      expect(() => isolated.get(MineModule)).toThrow(BootError);
    } finally {
      await app.close();
    }
  });

  it('of one storage module have a storage each', async () => {
    @Module({ imports: [MemoryStorageModule], exports: [MemoryStorageModule] })
    class StorageModule {}
    const app = await start(agent('a', { storage: StorageModule }), agent('b', { storage: StorageModule }));
    const stores = ['a', 'b'].map((name) =>
      app.get<IsolatedAgent>(getAgentToken(name), { strict: false }).get(SessionStore),
    );
    expect(stores[0]).not.toBe(stores[1]);
    await app.close();
  });

  it('need names of their own', async () => {
    await expect(start(agent('a'), agent('a'))).rejects.toThrow(/Two agents of this application are called "a"/);
    expect(() => agent('a/b')).toThrow(/no name for an isolated agent/);
    const same = agent('a');
    const app = await start(same, { module: class FeatureModule {}, imports: [same] });
    await app.close();
  });
});
