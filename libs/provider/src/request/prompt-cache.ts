import type { LanguageModelV4Message, LanguageModelV4Prompt, SharedV4ProviderOptions } from '@ai-sdk/provider';
import type { Model } from '#libs/contract';
import { isClaudeLike } from './model-family.js';
import { mergeOptions } from './merge-options.js';

const EPHEMERAL = { type: 'ephemeral' };
/** Each adapter reads only its own key. */
const MARKER: SharedV4ProviderOptions = {
  anthropic: { cacheControl: EPHEMERAL },
  openrouter: { cacheControl: EPHEMERAL },
  bedrock: { cachePoint: { type: 'default' } },
  openaiCompatible: { cache_control: EPHEMERAL },
};
/** Copilot is reached through the adapter of compatible servers, and has a name of its own. */
const COPILOT_MARKER: SharedV4ProviderOptions = { openaiCompatible: { copilot_cache_control: EPHEMERAL } };
/** Packages whose adapter moves a marker of a message to its last part. */
const MARKS_MESSAGES = ['@ai-sdk/anthropic', '@ai-sdk/google-vertex/anthropic', '@ai-sdk/amazon-bedrock'];

/** Marks what stays the same in the next request (the system prompt, the newest messages) for the provider's cache. */
export function markForCache(prompt: LanguageModelV4Prompt, model: Model): LanguageModelV4Prompt {
  if (!isClaudeLike(model) || model.api.npm === '@ai-sdk/gateway') return prompt;
  const system = prompt.filter((message) => message.role === 'system').slice(0, 2);
  const newest = prompt.filter((message) => message.role !== 'system').slice(-2);
  const marked = new Set([...system, ...newest]);
  const whole = MARKS_MESSAGES.includes(model.api.npm);
  const marker = model.api.npm === '@ai-sdk/github-copilot' ? COPILOT_MARKER : MARKER;
  return prompt.map((message) => (marked.has(message) ? mark(message, whole, marker) : message));
}

function mark(
  message: LanguageModelV4Message,
  whole: boolean,
  marker: SharedV4ProviderOptions,
): LanguageModelV4Message {
  if (!whole && message.role !== 'system' && message.content.length > 0) {
    const parts = message.content.map((part, index) =>
      index === message.content.length - 1
        ? { ...part, providerOptions: withMarker(part.providerOptions, marker) }
        : part,
    );
    return { ...message, content: parts } as LanguageModelV4Message;
  }
  return { ...message, providerOptions: withMarker(message.providerOptions, marker) };
}

function withMarker(
  options: SharedV4ProviderOptions | undefined,
  marker: SharedV4ProviderOptions,
): SharedV4ProviderOptions {
  return mergeOptions(options, marker) as SharedV4ProviderOptions;
}
