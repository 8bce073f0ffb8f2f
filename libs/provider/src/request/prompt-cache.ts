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
  copilot: { copilot_cache_control: EPHEMERAL },
};
/** Packages whose adapter moves a marker of a message to its last part. */
const MARKS_MESSAGES = ['@ai-sdk/anthropic', '@ai-sdk/google-vertex/anthropic', '@ai-sdk/amazon-bedrock'];

/** Marks what stays the same in the next request (the system prompt, the newest messages) for the provider's cache. */
export function markForCache(prompt: LanguageModelV4Prompt, model: Model): LanguageModelV4Prompt {
  if (!isClaudeLike(model) || model.api.npm === '@ai-sdk/gateway') return prompt;
  const system = prompt.filter((message) => message.role === 'system').slice(0, 2);
  const newest = prompt.filter((message) => message.role !== 'system').slice(-2);
  const marked = new Set([...system, ...newest]);
  const whole = MARKS_MESSAGES.includes(model.api.npm);
  return prompt.map((message) => (marked.has(message) ? mark(message, whole) : message));
}

function mark(message: LanguageModelV4Message, whole: boolean): LanguageModelV4Message {
  if (!whole && message.role !== 'system' && message.content.length > 0) {
    const parts = message.content.map((part, index) =>
      index === message.content.length - 1 ? { ...part, providerOptions: withMarker(part.providerOptions) } : part,
    );
    return { ...message, content: parts } as LanguageModelV4Message;
  }
  return { ...message, providerOptions: withMarker(message.providerOptions) };
}

function withMarker(options: SharedV4ProviderOptions | undefined): SharedV4ProviderOptions {
  return mergeOptions(options, MARKER) as SharedV4ProviderOptions;
}
