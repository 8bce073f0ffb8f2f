import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { errorText } from '#libs/contract';
import {
  PROVIDER_LOGIN_SPECIFICATION,
  type ProviderLogin,
  ProviderLoginSource,
  type ProviderLoginSourceHandler,
} from '#libs/extension';
import { type Instance, InstanceState } from '#libs/instance';

interface Source {
  order: number;
  handler: ProviderLoginSourceHandler;
}

/** The classes marked with `@ProviderLoginSource`. Filled once at boot; each is asked once per instance. */
@Injectable()
export class LoginRegistry implements OnModuleInit {
  private readonly log = new Logger(LoginRegistry.name);
  private readonly sources: Source[] = [];
  private readonly known = new InstanceState((instance) => this.collect(instance));

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    for (const wrapper of this.discovery.getProviders()) {
      const options = this.discovery.getMetadataByDecorator(ProviderLoginSource, wrapper);
      if (options) this.add(wrapper.instance as ProviderLoginSourceHandler, options.order ?? 0);
    }
    this.sources.sort((a, b) => a.order - b.order);
  }

  /** The logins of an instance by provider. */
  list(instance: Instance): Promise<ReadonlyMap<string, ProviderLogin>> {
    return this.known.get(instance);
  }

  private async collect(instance: Instance): Promise<ReadonlyMap<string, ProviderLogin>> {
    const lists = await Promise.all(this.sources.map(({ handler }) => this.ask(handler, instance)));
    return new Map(lists.flat().map((login) => [login.provider, login]));
  }

  /** A source that fails has no logins: it must not take those of others along. */
  private async ask(handler: ProviderLoginSourceHandler, instance: Instance): Promise<readonly ProviderLogin[]> {
    try {
      return await handler.logins(instance);
    } catch (error) {
      this.log.warn(`${handler.constructor.name} cannot say which logins it has: ${errorText(error)}`);
      return [];
    }
  }

  private add(handler: ProviderLoginSourceHandler, order: number): void {
    if (this.sources.some((source) => source.handler === handler)) return;
    const version: string = handler.specificationVersion;
    if (version !== PROVIDER_LOGIN_SPECIFICATION)
      throw new Error(
        `${handler.constructor.name} implements the login interface "${version}", this server knows ` +
          `"${PROVIDER_LOGIN_SPECIFICATION}". Set specificationVersion to PROVIDER_LOGIN_SPECIFICATION of the installed version.`,
      );
    this.sources.push({ handler, order });
  }
}
