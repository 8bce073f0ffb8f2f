import { Injectable, Module, type Provider } from '@nestjs/common';
import { DiscoveryService, ModulesContainer } from '@nestjs/core';

const OWNER = Symbol('opencode-nest.agent');

/** Says that a module class belongs to one of several agents. */
export const setOwner = (type: object, owner: object): void => Reflect.defineMetadata(OWNER, owner, type);

/** Which agent a module class was made for; undefined for the modules of the application itself. */
export const ownerOf = (type: object | null | undefined): object | undefined =>
  type ? (Reflect.getOwnMetadata(OWNER, type) as object | undefined) : undefined;

type Found = ReturnType<DiscoveryService['getProviders']>;

/**
 * Finds the classes of one agent: those in the modules of the application, or those in the copies that were made for
 * an isolated agent.
 */
@Injectable()
export class AgentDiscovery extends DiscoveryService {
  constructor(
    modules: ModulesContainer,
    private readonly owner?: object,
  ) {
    super(modules);
  }

  override getProviders(...args: Parameters<DiscoveryService['getProviders']>): Found {
    return this.own(super.getProviders(...args));
  }

  override getControllers(...args: Parameters<DiscoveryService['getControllers']>): Found {
    return this.own(super.getControllers(...args));
  }

  private own(found: Found): Found {
    return found.filter(({ host }) => ownerOf(host?.metatype) === this.owner);
  }
}

/** Lets the module that provides it discover the classes of one agent. */
export const agentDiscovery = (owner?: object): Provider => ({
  provide: DiscoveryService,
  useFactory: (modules: ModulesContainer) => new AgentDiscovery(modules, owner),
  inject: [ModulesContainer],
});

/** Nest's DiscoveryService, as far as one agent goes. */
@Module({ providers: [agentDiscovery()], exports: [DiscoveryService] })
export class AgentDiscoveryModule {}
