import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { EventBus } from '#libs/event';
import {
  Clock,
  CredentialStore,
  Environment,
  HookRegistry,
  HostedSearch,
  KnownSecrets,
  MemoryCredentialStore,
  NodeProcessRunner,
  NpmPackageInstaller,
  PackageInstaller,
  ProcessRunner,
  SearchService,
  ShellEnvironment,
  SystemClock,
  SystemEnvironment,
} from '#libs/extension';
import { createFastifyAdapter, useWireErrors } from '#libs/http';
import { InstanceStore } from '#libs/instance';
import { ProjectModule } from '#libs/project';
import { PROVIDER_OPTIONS } from '#libs/provider';
import { MemoryStorageModule } from '#libs/storage';
import { OpencodeHttpModule } from './opencode-http.module.js';

/** Every route with the real services behind it, nothing stored on disk; not listening yet. */
export async function createApplication(home: string): Promise<NestFastifyApplication> {
  @Module({
    imports: [MemoryStorageModule, ProjectModule],
    providers: [
      InstanceStore,
      EventBus,
      HookRegistry,
      ShellEnvironment,
      KnownSecrets,
      { provide: Environment, useValue: new SystemEnvironment({ HOME: home, PATH: process.env['PATH'] }, home) },
      { provide: CredentialStore, useValue: new MemoryCredentialStore() },
      { provide: Clock, useClass: SystemClock },
      { provide: PackageInstaller, useClass: NpmPackageInstaller },
      { provide: ProcessRunner, useClass: NodeProcessRunner },
      { provide: SearchService, useFactory: (world: Environment) => new HostedSearch(world), inject: [Environment] },
      { provide: PROVIDER_OPTIONS, useValue: { localModels: false } },
    ],
    exports: [
      MemoryStorageModule,
      InstanceStore,
      EventBus,
      HookRegistry,
      ShellEnvironment,
      KnownSecrets,
      Environment,
      CredentialStore,
      Clock,
      PackageInstaller,
      ProcessRunner,
      SearchService,
      PROVIDER_OPTIONS,
    ],
  })
  class WorldModule {}
  const imports = [{ module: WorldModule, global: true }, OpencodeHttpModule];
  const module = await Test.createTestingModule({ imports }).compile();
  const options = { logger: false, forceCloseConnections: true } as const;
  const app = module.createNestApplication<NestFastifyApplication>(createFastifyAdapter(), options);
  useWireErrors(app);
  return app;
}
