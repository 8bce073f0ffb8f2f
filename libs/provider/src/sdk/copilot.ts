import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { AiSdkOptions, LanguageModelFactory } from './ai-sdk-adapter.js';
import { mappedModel } from './mapped-model.js';

/** GitHub Copilot: chat completions for most models, the Responses API for the newer ones of OpenAI. */
export async function createCopilot({ baseURL = '', ...options }: AiSdkOptions): Promise<LanguageModelFactory> {
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
  const chat = createOpenAICompatible({ includeUsage: true, ...options, name: 'copilot', baseURL });
  const { createOpenAI } = await import('@ai-sdk/openai');
  const openai = createOpenAI({ ...options, name: 'copilot', baseURL });
  return (modelID, { api } = {}) =>
    api === 'responses' ? mappedModel(openai.responses(modelID), underOpenAi) : chat.languageModel(modelID);
}

/** Its options are named after Copilot; the adapter of the Responses API looks for them under its own name. */
function underOpenAi(options: LanguageModelV4CallOptions): LanguageModelV4CallOptions {
  const { copilot, ...rest } = options.providerOptions ?? {};
  return copilot ? { ...options, providerOptions: { ...rest, openai: copilot } } : options;
}
