import { type DynamicModule, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { EventBus } from '#libs/event';
import { HookRegistry, ShellEnvironment } from '#libs/extension';
import { InstanceStore } from '#libs/instance';
import { ProjectModule } from '#libs/project';
import { chooseStorage } from './choose-storage.js';
import type { OpencodeExtras } from './opencode-options.js';

/**
 * What every library works with: the ports to the outside world, the storage ports, the instances and the event bus.
 * Global, so that the modules of libraries and of plugins stay static ones that anybody can import; it provides
 * nothing but tokens of this package, and binds nothing to the routes of a host.
 */
@Module({})
export class KernelModule {
  static on(world: DynamicModule, { storage }: Pick<OpencodeExtras, 'storage'>): DynamicModule {
    const stores = chooseStorage(storage, world);
    return {
      module: KernelModule,
      global: true,
      // an emitter of our own: that of a host stays its own; @OnEvent handlers hear both
      imports: [world, stores, DiscoveryModule, ProjectModule, EventEmitterModule.forRoot({ global: false })],
      providers: [InstanceStore, EventBus, HookRegistry, ShellEnvironment],
      exports: [world, stores, InstanceStore, EventBus, HookRegistry, ShellEnvironment],
    };
  }
}
