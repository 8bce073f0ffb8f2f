import type { AiSdkAdapter } from './ai-sdk-adapter.js';
import { createAzure } from './azure.js';
import { bedrock } from './bedrock.js';
import { createCopilot } from './copilot.js';
import { sap } from './sap.js';

const COMPATIBLE = '@ai-sdk/openai-compatible';

/** The AI SDK packages that come with the server, or need help of it; each is loaded when a model of it is first used. */
export const BUNDLED_ADAPTERS: readonly AiSdkAdapter[] = [
  {
    npm: '@ai-sdk/openai',
    create: async (options) => {
      const provider = (await import('@ai-sdk/openai')).createOpenAI(options);
      return (modelID, { api } = {}) => (api === 'chat' ? provider.chat(modelID) : provider.responses(modelID));
    },
  },
  {
    npm: '@ai-sdk/anthropic',
    create: async (options) => {
      const provider = (await import('@ai-sdk/anthropic')).createAnthropic(options);
      return (modelID) => provider.languageModel(modelID);
    },
  },
  {
    npm: '@ai-sdk/google',
    create: async (options) => {
      const provider = (await import('@ai-sdk/google')).createGoogle(options);
      return (modelID) => provider.languageModel(modelID);
    },
  },
  compatible(COMPATIBLE),
  // packages that are no more than an address over the one above
  compatible('@ai-sdk/cerebras', 'https://api.cerebras.ai/v1'),
  compatible('@ai-sdk/deepinfra', 'https://api.deepinfra.com/v1/openai'),
  compatible('@ai-sdk/togetherai', 'https://api.together.xyz/v1'),
  compatible('@ai-sdk/vercel', 'https://api.v0.dev/v1'),
  // the protocols of OpenAI under other addresses and headers
  { npm: '@ai-sdk/azure', create: createAzure },
  { npm: '@ai-sdk/github-copilot', create: createCopilot },
  // packages that are installed on first use, and cannot find the credentials of the server by themselves
  bedrock('@ai-sdk/amazon-bedrock'),
  bedrock('@ai-sdk/amazon-bedrock/anthropic'),
  bedrock('@ai-sdk/amazon-bedrock/mantle'),
  sap('@jerome-benoit/sap-ai-provider-v2'),
  sap('@jerome-benoit/sap-ai-provider'),
];

function compatible(npm: string, address = ''): AiSdkAdapter {
  return {
    npm,
    create: async ({ baseURL = address, ...options }) => {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
      const provider = createOpenAICompatible({ includeUsage: true, ...options, baseURL });
      return (modelID) => provider.languageModel(modelID);
    },
  };
}
