import { type DynamicModule, Module } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { AgentDiscovery, BootError, getAgentToken, IsolatedAgent, Isolation, RunClaimStore } from '#libs/extension';
import type { OpencodeExtras, StorageModule } from './opencode-options.js';

const NAME = /^[\w-]+$/;

interface IsolatedParts extends Pick<OpencodeExtras, 'imports' | 'isGlobal' | 'modules' | 'storage'> {
  isolated: string;
  stores: StorageModule;
  kernel: DynamicModule;
}

/** Ports that may be missing: an agent that lacks one must not get that of another. */
@Module({ providers: [{ provide: RunClaimStore, useFactory: () => undefined }], exports: [RunClaimStore] })
class AbsentPortsModule {}

/** What says the agent by its name. */
@Module({})
class AgentHandleModule {}

/** The module of an agent that shares nothing with others of the same application. */
export function isolate(whole: DynamicModule, parts: IsolatedParts): DynamicModule {
  const { isolated: name, imports = [], isGlobal = false, modules = [], storage, stores, kernel } = parts;
  if (!NAME.test(name))
    throw new BootError(
      `OpencodeModule: "${name}" is no name for an isolated agent. Use letters, digits, "-" and "_".`,
    );
  const isolation = new Isolation(name);
  // what the factory of the options needs is the application's
  isolation.share(imports);
  if (typeof storage === 'function' || typeof storage === 'object') isolation.copyAlone(stores);
  isolation.provide(kernel);
  isolation.provide({ module: AbsentPortsModule });
  // the listed modules inject what the agent has without importing it, as they cannot name it
  isolation.provide(whole);
  const own = isolation.copy(whole);
  const handle = handleOf(isolation, isGlobal);
  own.imports?.push(...modules.map((module) => isolation.copyAlone(module)), handle);
  own.exports?.push(handle);
  return own;
}

function handleOf(isolation: Isolation, global: boolean): DynamicModule {
  const provide = getAgentToken(isolation.name);
  const useFactory = (modules: ModulesContainer) =>
    new IsolatedAgent(isolation.name, new AgentDiscovery(modules, isolation));
  return {
    module: AgentHandleModule,
    global,
    providers: [{ provide, useFactory, inject: [ModulesContainer] }],
    exports: [provide],
  };
}
