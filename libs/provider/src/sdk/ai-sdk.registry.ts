import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { AiSdkAdapter, AiSdkOptions, AnyLanguageModel, LanguageModelFactory } from './ai-sdk-adapter.js';
import { AiSdkRegistration } from './ai-sdk-provider.module.js';
import { ProviderInitError } from './provider-init.error.js';

/** The name of a package, with a path inside it perhaps; never a path on disk. */
const PACKAGE = /^(@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*(\/[\w.~-]+)*$/i;

/** The AI SDK packages that can be used, by name. */
@Injectable()
export class AiSdkRegistry implements OnModuleInit {
  private readonly adapters = new Map<string, AiSdkAdapter>();

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    for (const { instance } of this.discovery.getProviders()) {
      if (!(instance instanceof AiSdkRegistration)) continue;
      const known = this.adapters.get(instance.npm);
      if (known && known !== instance)
        throw new Error(
          `AiSdkProviderModule.register was called twice for the package ${instance.npm}. ` +
            `Keep one of the two registrations (${instance.npm} may come with the server already).`,
        );
      this.adapters.set(instance.npm, instance);
    }
  }

  /** The model factory of a package, configured. Packages nobody registered are imported by name. */
  async create(npm: string, options: AiSdkOptions): Promise<LanguageModelFactory> {
    const adapter = this.adapters.get(npm);
    if (adapter) return await adapter.create(options);
    return fromModule(await load(npm, options.name), npm, options);
  }
}

async function load(npm: string, providerID: string): Promise<Record<string, unknown>> {
  if (!npm.startsWith('file://') && !PACKAGE.test(npm))
    throw new ProviderInitError(providerID, `"${npm}" is not the name of an npm package (provider ${providerID})`);
  try {
    return (await import(npm)) as Record<string, unknown>;
  } catch (error) {
    throw new ProviderInitError(
      providerID,
      `Provider ${providerID} needs the package ${npm}, which could not be loaded (${firstLine(error)}). ` +
        `Install it beside the server: npm install ${npm.startsWith('file:') ? '<package>' : packageOf(npm)}`,
      { cause: error },
    );
  }
}

/** AI SDK packages export one function `create…` that makes a provider. */
function fromModule(module: Record<string, unknown>, npm: string, options: AiSdkOptions): LanguageModelFactory {
  const create = Object.entries(module).find(([name, value]) => name.startsWith('create') && isFunction(value))?.[1];
  if (!isFunction(create))
    throw new ProviderInitError(
      options.name,
      `The package ${npm} is no AI SDK provider: it exports no create function`,
    );
  const provider = create(options) as { languageModel?: unknown };
  const { languageModel } = provider;
  if (!isFunction(languageModel))
    throw new ProviderInitError(options.name, `The provider of the package ${npm} makes no language models`);
  return (modelID) => languageModel.call(provider, modelID) as AnyLanguageModel;
}

function isFunction(value: unknown): value is (...args: unknown[]) => unknown {
  return typeof value === 'function';
}

/** `@scope/name/path` → `@scope/name` */
function packageOf(npm: string): string {
  return npm.split('/', npm.startsWith('@') ? 2 : 1).join('/');
}

function firstLine(error: unknown): string {
  return String(error).split('\n', 1)[0] ?? '';
}
