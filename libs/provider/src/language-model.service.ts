import type { LanguageModelV4 } from '@ai-sdk/provider';
import { Injectable } from '@nestjs/common';
import type { Model, Provider } from '#libs/contract';
import { Environment, type ModelProviderContext } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { wantedPackage } from './connected/configured-model.js';
import { ProviderRegistry } from './provider.registry.js';
import type { ProviderSnapshot } from './provider-snapshot.js';
import { mergeOptions } from './request/merge-options.js';
import { AiSdkRegistry } from './sdk/ai-sdk.registry.js';
import type { AiSdkOptions } from './sdk/ai-sdk-adapter.js';
import { asLanguageModelV4 } from './sdk/as-language-model-v4.adapter.js';
import { keylessModel, lacksKey } from './sdk/keyless-model.js';
import { mappedModel } from './sdk/mapped-model.js';
import { isLiteLlm, withNoopTool } from './sdk/noop-tool.js';
import { routeOf } from './sdk/model-route.js';
import { ProviderInitError } from './sdk/provider-init.error.js';
import { requestFetch } from './sdk/request-fetch.js';

/** Variables in addresses, and the options that say the same: what the configuration gives wins. */
const ADDRESS_OPTIONS: Readonly<Record<string, string>> = {
  AWS_REGION: 'region',
  AZURE_RESOURCE_NAME: 'resourceName',
  CLOUDFLARE_ACCOUNT_ID: 'accountId',
  CLOUDFLARE_GATEWAY_ID: 'gatewayId',
};

/** Makes the language models of the AI SDK that runs speak to, once per model and snapshot. */
@Injectable()
export class LanguageModelService {
  constructor(
    private readonly registry: ProviderRegistry,
    private readonly packages: AiSdkRegistry,
    private readonly environment: Environment,
  ) {}

  get(instance: Instance, snapshot: ProviderSnapshot, provider: Provider, model: Model): Promise<LanguageModelV4> {
    const { languageModels } = snapshot;
    const key = `${provider.id}/${model.id}`;
    const known = languageModels.get(key);
    if (known) return known;
    const made = this.make(instance, snapshot, provider, model);
    languageModels.set(key, made);
    made.catch(() => languageModels.delete(key));
    return made;
  }

  private async make(
    instance: Instance,
    { input }: ProviderSnapshot,
    provider: Provider,
    model: Model,
  ): Promise<LanguageModelV4> {
    const config = input.config.provider?.[provider.id];
    const registered = this.registry.find(provider.id);
    const wanted = config && wantedPackage(config, config.models?.[model.id]);
    if (!registered || wanted !== undefined) return await this.fromPackage(provider, model, wanted);
    const context: ModelProviderContext = {
      instance,
      ...(provider.key === undefined ? {} : { key: provider.key }),
      ...(config ? { config } : {}),
      options: mergeOptions(provider.options, model.options),
    };
    return asLanguageModelV4(await registered.provider.languageModel(model, context));
  }

  /** @param wanted the package that the configuration names, perhaps with a version */
  private async fromPackage(provider: Provider, model: Model, wanted = model.api.npm): Promise<LanguageModelV4> {
    const { npm } = model.api;
    const options = this.optionsOf(provider, model);
    if (lacksKey(npm, options)) return keylessModel(provider.id, model.id, provider.env);
    if (npm === '@ai-sdk/openai-compatible' && !options.baseURL)
      throw new ProviderInitError(
        provider.id,
        `Nobody knows the address of provider ${provider.id}. Set provider.${provider.id}.options.baseURL in the ` +
          'configuration, to an address such as https://llm.example.com/v1.',
      );
    try {
      const factory = await this.packages.create(wanted.startsWith(`${npm}@`) ? wanted : npm, options);
      const { modelID, ...request } = routeOf(model, options);
      const language = asLanguageModelV4(factory(modelID, request));
      return isLiteLlm(provider, model) ? mappedModel(language, withNoopTool) : language;
    } catch (error) {
      if (ProviderInitError.is(error)) throw error;
      throw new ProviderInitError(provider.id, `Provider ${provider.id} cannot be set up (${npm}): ${String(error)}`, {
        cause: error,
      });
    }
  }

  private optionsOf(provider: Provider, model: Model): AiSdkOptions {
    const { npm, url } = model.api;
    const { options } = provider;
    const address = typeof options['baseURL'] === 'string' && options['baseURL'] !== '' ? options['baseURL'] : url;
    const request = requestFetch({
      timeout: options['timeout'],
      stripItemIds: npm === '@ai-sdk/openai',
      fetch: options['fetch'],
    });
    const headers = mergeOptions(options['headers'] as Record<string, unknown> | undefined, model.headers);
    const apiKey = options['apiKey'] ?? provider.key ?? this.keyAmongMany(provider);
    const merged: AiSdkOptions = { ...options, name: provider.id, headers: headers as Record<string, string> };
    if (address) merged.baseURL = this.expand(address, options);
    if (apiKey !== undefined) merged.apiKey = apiKey as string;
    if (request) merged.fetch = request;
    return merged;
  }

  /** Providers with several variables show no key; their packages would look for one in the process itself. */
  private keyAmongMany({ env }: Provider): string | undefined {
    const names = [/API_?KEY$/, /TOKEN$|PAT$/].flatMap((form) => env.filter((name) => form.test(name)));
    return names.map((name) => this.environment.variables[name]).find(Boolean);
  }

  /** Replaces `${NAME}` by the option or the variable of that name; one that is not set stays as it is. */
  private expand(address: string, options: Readonly<Record<string, unknown>>): string {
    return address.replace(/\$\{(\w+)\}/g, (text, name: string) => {
      const option = options[ADDRESS_OPTIONS[name] ?? ''];
      return typeof option === 'string' && option ? option : (this.environment.variables[name] ?? text);
    });
  }
}
