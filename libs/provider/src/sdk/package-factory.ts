import type { AiSdkOptions, AnyLanguageModel, LanguageModelFactory } from './ai-sdk-adapter.js';
import { ProviderInitError } from './provider-init.error.js';

/** AI SDK packages export one function `create…` that makes a provider. */
export function packageFactory(
  module: Readonly<Record<string, unknown>>,
  npm: string,
  options: AiSdkOptions,
): LanguageModelFactory {
  const create = Object.entries(module).find(([name, value]) => name.startsWith('create') && isFunction(value))?.[1];
  if (!isFunction(create))
    throw new ProviderInitError(
      options.name,
      `The package ${npm} is no AI SDK provider: it exports no create function`,
    );
  const provider = create(options) as Record<string, unknown>;
  const { languageModel } = provider;
  if (!isFunction(languageModel))
    throw new ProviderInitError(options.name, `The provider of the package ${npm} makes no language models`);
  return (modelID, { api } = {}) => {
    const special = api === undefined ? undefined : provider[api];
    return (isFunction(special) ? special : languageModel).call(provider, modelID) as AnyLanguageModel;
  };
}

function isFunction(value: unknown): value is (...args: unknown[]) => unknown {
  return typeof value === 'function';
}
