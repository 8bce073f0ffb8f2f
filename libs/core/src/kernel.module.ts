import { type DynamicModule, Module } from '@nestjs/common';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { EventBus } from '#libs/event';
import { agentDiscovery, AgentDiscoveryModule, HookRegistry, ShellEnvironment } from '#libs/extension';
import { InstanceStore } from '#libs/instance';
import { ProjectModule } from '#libs/project';
import type { StorageModule } from './opencode-options.js';
import { portVersions } from './port-versions.js';

/**
 * What every library works with: the ports to the outside world, the storage ports, the instances and the event bus.
 * Global, so that the modules of libraries and of plugins stay static ones that anybody can import; it provides
 * nothing but tokens of this package, and binds nothing to the routes of a host.
 */
@Module({})
export class KernelModule {
  static on(world: DynamicModule, stores: StorageModule): DynamicModule {
    // an emitter of our own: that of a host stays its own; @OnEvent handlers hear both
    const emitter = EventEmitterModule.forRoot({ global: false });
    const events = { ...emitter, providers: [...(emitter.providers ?? []), agentDiscovery()] };
    return {
      module: KernelModule,
      global: true,
      imports: [world, stores, AgentDiscoveryModule, ProjectModule, events],
      providers: [portVersions, InstanceStore, EventBus, HookRegistry, ShellEnvironment],
      exports: [world, stores, InstanceStore, EventBus, HookRegistry, ShellEnvironment],
    };
  }
}
