import type { LanguageModelV4 } from '@ai-sdk/provider';

/** Packages that find a missing key in the environment of the process, which may not be what the host lets us see. */
const NEED_KEY = ['@ai-sdk/openai', '@ai-sdk/anthropic', '@ai-sdk/google'];

/** Whether a request of this package would be sent without a key. */
export function lacksKey(npm: string, options: Readonly<Record<string, unknown>>): boolean {
  const { apiKey, authToken, fetch } = options;
  return NEED_KEY.includes(npm) && !apiKey && !authToken && typeof fetch !== 'function';
}

/** Stands for a model that cannot be called for want of a key: each call fails with a text that says how to set it. */
export function keylessModel(providerID: string, modelID: string, env: readonly string[]): LanguageModelV4 {
  const variable = env.find((name) => name.endsWith('_KEY')) ?? env[0];
  const option = `provider.${providerID}.options.apiKey in the configuration`;
  const way = variable ? `the environment variable ${variable}, or ${option}` : option;
  const fail = async () => {
    const { LoadAPIKeyError } = await import('@ai-sdk/provider');
    throw new LoadAPIKeyError({ message: `The API key of ${providerID} is missing. Set ${way}.` });
  };
  return {
    specificationVersion: 'v4',
    provider: providerID,
    modelId: modelID,
    supportedUrls: {},
    doGenerate: fail,
    doStream: fail,
  };
}
