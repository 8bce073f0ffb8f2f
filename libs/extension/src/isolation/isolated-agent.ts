import { Inject, type InjectionToken, type Type } from '@nestjs/common';
import type { DiscoveryService } from '@nestjs/core';
import { BootError } from '../boot/boot.error.js';

/**
 * One isolated agent of an application, by its name: the services that OpencodeModule gives, for code that works with
 * several agents. Code that works with one imports its module and injects them as usual.
 * @publicApi
 */
export class IsolatedAgent {
  constructor(
    readonly name: string,
    private readonly discovery: DiscoveryService,
  ) {}

  /**
   * A service or port of this agent, from the end of the start of the application on.
   * @throws BootError when its modules provide no such thing
   * @example agent.get(SessionService)
   */
  get<T>(token: Type<T> | (abstract new (...args: never[]) => T)): T {
    const found = this.discovery.getProviders().filter((provider) => provider.token === token);
    if (found.length === 0)
      throw new BootError(
        `The agent "${this.name}" has no ${token.name}. List the module that provides it in OpencodeModule.forRoot({ isolated: "${this.name}", modules: [ … ] }).`,
      );
    return found.find(({ instance }) => instance !== undefined)?.instance as T;
  }
}

/** Injection token of an {@link IsolatedAgent}. @publicApi */
export const getAgentToken = (name: string): InjectionToken => `opencode-nest.agent.${name}`;

/**
 * Injects an {@link IsolatedAgent}. Its module has to be imported, or made with `isGlobal: true`.
 * @example constructor(@InjectAgent('reviews') private readonly reviews: IsolatedAgent) {}
 * @publicApi
 */
export const InjectAgent = (name: string): ReturnType<typeof Inject> => Inject(getAgentToken(name));
