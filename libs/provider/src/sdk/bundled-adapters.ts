import type { AiSdkAdapter } from './ai-sdk-adapter.js';

/** The AI SDK packages that come with the server; each is loaded when a model of it is first used. */
export const BUNDLED_ADAPTERS: readonly AiSdkAdapter[] = [
  {
    npm: '@ai-sdk/openai',
    create: async (options) => {
      const provider = (await import('@ai-sdk/openai')).createOpenAI(options);
      return (modelID) => provider.responses(modelID);
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
  {
    npm: '@ai-sdk/openai-compatible',
    create: async ({ baseURL = '', ...options }) => {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
      const provider = createOpenAICompatible({ includeUsage: true, ...options, baseURL });
      return (modelID) => provider.languageModel(modelID);
    },
  },
];
