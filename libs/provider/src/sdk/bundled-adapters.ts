import type { AiSdkAdapter } from './ai-sdk-adapter.js';

/** The AI SDK packages that come with the server; each is loaded when a model of it is first used. */
export const BUNDLED_ADAPTERS: readonly AiSdkAdapter[] = [
  {
    npm: '@ai-sdk/openai',
    create: async (options) => (await import('@ai-sdk/openai')).createOpenAI(options).responses,
  },
  {
    npm: '@ai-sdk/anthropic',
    create: async (options) => (await import('@ai-sdk/anthropic')).createAnthropic(options).languageModel,
  },
  {
    npm: '@ai-sdk/google',
    create: async (options) => (await import('@ai-sdk/google')).createGoogle(options).languageModel,
  },
  {
    npm: '@ai-sdk/openai-compatible',
    create: async ({ baseURL = '', ...options }) => {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
      return createOpenAICompatible({ includeUsage: true, ...options, baseURL }).languageModel;
    },
  },
];
