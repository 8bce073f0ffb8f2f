import { Global, Module, type ModuleMetadata, type Type } from '@nestjs/common';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Auth, Config } from '#libs/contract';
import {
  Clock,
  CredentialStore,
  Environment,
  HookRegistry,
  KnownSecrets,
  MemoryCredentialStore,
  NodeProcessRunner,
  NpmPackageInstaller,
  PackageInstaller,
  SystemClock,
  SystemEnvironment,
} from '#libs/extension';
import { EventBus } from '#libs/event';
import { Instance, InstanceLocator, InstanceState, InstanceStore } from '#libs/instance';
import { LoginService } from '../login/login.service.js';
import { PROVIDER_OPTIONS } from '../provider.options.js';
import { ProviderModule } from '../provider.module.js';
import { ProviderService } from '../provider.service.js';

export interface ProviderFixtureOptions {
  config?: Config;
  variables?: Record<string, string>;
  localModels?: boolean;
  refreshCatalogue?: boolean;
  imports?: ModuleMetadata['imports'];
  clock?: Clock;
  credentials?: Record<string, Auth>;
}

/** The provider library in a home directory of its own. */
export async function startProviders(options: ProviderFixtureOptions = {}) {
  const home = await mkdtemp(join(tmpdir(), 'provider-'));
  const environment = new SystemEnvironment(
    // no npm of this machine
    { PATH: home, ...options.variables, HOME: home, OPENCODE_CONFIG_CONTENT: JSON.stringify(options.config ?? {}) },
    home,
  );
  const credentials = new MemoryCredentialStore(options.credentials);
  await mkdir(environment.paths.state, { recursive: true });

  @Global()
  @Module({
    providers: [
      InstanceStore,
      EventBus,
      { provide: InstanceLocator, useValue: { locate: () => Promise.reject(new Error('there is one instance')) } },
      { provide: Environment, useValue: environment },
      { provide: CredentialStore, useValue: credentials },
      { provide: PackageInstaller, useValue: new NpmPackageInstaller(environment, new NodeProcessRunner()) },
      { provide: Clock, useValue: options.clock ?? new SystemClock() },
      HookRegistry,
      KnownSecrets,
      {
        provide: PROVIDER_OPTIONS,
        useValue: { localModels: options.localModels ?? false, refreshCatalogue: options.refreshCatalogue ?? false },
      },
    ],
    exports: [
      InstanceStore,
      EventBus,
      Environment,
      CredentialStore,
      PackageInstaller,
      Clock,
      HookRegistry,
      KnownSecrets,
      PROVIDER_OPTIONS,
    ],
  })
  class WorldModule {}

  const module = Test.createTestingModule({ imports: [WorldModule, ProviderModule, ...(options.imports ?? [])] });
  const remove = () => rm(home, { recursive: true, force: true, maxRetries: 3 });
  const app = await start(module).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  const instance = new Instance(home, {
    worktree: home,
    project: { id: 'global', worktree: home, time: { created: 0, updated: 0 }, sandboxes: [] },
  });
  return {
    instance,
    environment,
    credentials,
    logins: app.get(LoginService),
    providers: app.get(ProviderService),
    get: <T>(type: Type<T>): T => app.get(type, { strict: false }),
    async [Symbol.asyncDispose]() {
      await InstanceState.disposeAll(instance);
      await app.close();
      await remove();
    },
  };
}

const start = async (module: TestingModuleBuilder) => (await module.compile()).init();
