import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import {
  Environment,
  type LanguageModelProvider,
  MODEL_PROVIDER_SPECIFICATION,
  ModelProvider,
  type ModelProviderContext,
  type ModelProviderOptions,
  inTime,
} from '#libs/extension';
import type { DeclaredProvider } from './connected/connect.js';

/** Milliseconds a provider class has to say which models it has. */
const ANSWER_LIMIT = 1_500;

export interface RegisteredProvider extends ModelProviderOptions {
  provider: LanguageModelProvider;
}

/** The classes marked with `@ModelProvider`, by id. Filled once at boot. */
@Injectable()
export class ProviderRegistry implements OnModuleInit {
  private readonly log = new Logger(ProviderRegistry.name);
  private readonly providers = new Map<string, RegisteredProvider>();
  private readonly failures = new Map<string, string>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly environment: Environment,
  ) {}

  onModuleInit(): void {
    for (const wrapper of this.discovery.getProviders()) {
      const options = this.discovery.getMetadataByDecorator(ModelProvider, wrapper);
      if (options) this.add(options, wrapper.instance as LanguageModelProvider);
    }
  }

  find(id: string): RegisteredProvider | undefined {
    return this.providers.get(id);
  }

  /**
   * Asks every class for its models; one that fails or is slow counts as having none.
   * @param question what a class is asked about; the key is the stored one, if any
   */
  async declare(question: (id: string) => ModelProviderContext): Promise<DeclaredProvider[]> {
    return await Promise.all(
      [...this.providers.values()].map(async (registered): Promise<DeclaredProvider> => {
        const { id, name, env = [], fallback = false } = registered;
        const asked = question(id);
        const key = asked.key ?? env.map((variable) => this.environment.variables[variable]).find(Boolean);
        const context = { ...asked, ...(key === undefined ? {} : { key }) };
        const models = await this.models(registered, context);
        const keySource = asked.key === undefined ? 'env' : 'api';
        return { id, name, env, fallback, ...(key === undefined ? {} : { key, keySource }), models };
      }),
    );
  }

  private async models({ id, provider }: RegisteredProvider, context: ModelProviderContext) {
    try {
      const models = await inTime(provider.models(context), { milliseconds: ANSWER_LIMIT });
      this.failures.delete(id);
      return models;
    } catch (error) {
      const text = String(error);
      if (this.failures.get(id) !== text) this.log.warn(`Provider ${id} cannot say which models it has: ${text}`);
      this.failures.set(id, text);
      return [];
    }
  }

  private add(options: ModelProviderOptions, provider: LanguageModelProvider): void {
    const name = provider.constructor.name;
    const known = this.providers.get(options.id);
    if (known?.provider === provider) return;
    if (known)
      throw new Error(
        `Two classes are marked @ModelProvider with the id "${options.id}": ${known.provider.constructor.name} and ` +
          `${name}. Give one of them another id, or leave its module out.`,
      );
    const version: string = provider.specificationVersion;
    if (version !== MODEL_PROVIDER_SPECIFICATION)
      throw new Error(
        `${name} implements the provider interface "${version}", this server knows "${MODEL_PROVIDER_SPECIFICATION}". ` +
          'Set specificationVersion to MODEL_PROVIDER_SPECIFICATION of the installed version.',
      );
    this.providers.set(options.id, { ...options, provider });
  }
}
