import type { AiSdkOptions, LanguageModelFactory } from './ai-sdk-adapter.js';

/** Azure OpenAI: the protocols of OpenAI below the address of a resource, with a version and a header of its own. */
export async function createAzure(options: AiSdkOptions): Promise<LanguageModelFactory> {
  const { name, apiKey = '', resourceName, baseURL, headers, apiVersion } = options;
  const cognitive = name === 'azure-cognitive-services';
  const variable = cognitive ? 'AZURE_COGNITIVE_SERVICES_RESOURCE_NAME' : 'AZURE_RESOURCE_NAME';
  const domain = cognitive ? 'cognitiveservices.azure.com' : 'openai.azure.com';
  const address =
    baseURL ?? (typeof resourceName === 'string' ? `https://${resourceName}.${domain}/openai` : undefined);
  if (!address)
    throw new Error(
      `its address is not known. Set the environment variable ${variable}, or provider.${name}.options.resourceName`,
    );
  const given = options.fetch ?? fetch;
  const { createOpenAI } = await import('@ai-sdk/openai');
  const provider = createOpenAI({
    name: 'azure',
    baseURL: `${address.replace(/\/$/, '')}/v1`,
    apiKey,
    headers: { ...headers, 'api-key': apiKey },
    fetch: async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      url.searchParams.set('api-version', typeof apiVersion === 'string' ? apiVersion : 'v1');
      const sent = new Headers(init?.headers);
      sent.delete('authorization');
      return await given(url, { ...init, headers: sent });
    },
  });
  return (modelID, { api } = {}) => (api === 'chat' ? provider.chat(modelID) : provider.responses(modelID));
}
