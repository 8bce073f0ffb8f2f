import type { Model } from '#libs/contract';
import { mergeOptions, type Options } from './merge-options.js';
import { apiIdOf, idOf, isGemini3, isGpt5, isKimi25 } from './model-family.js';

const COMPATIBLE = '@ai-sdk/openai-compatible';
const COPILOT = '@ai-sdk/github-copilot';
const GOOGLE = ['@ai-sdk/google', '@ai-sdk/google-vertex'];
const ANTHROPIC = ['@ai-sdk/anthropic', '@ai-sdk/google-vertex/anthropic'];
const OPENROUTER = '@openrouter/ai-sdk-provider';

interface Rule {
  when: (model: Model, id: string) => boolean;
  options: (model: Model, sessionID: string) => Options;
}

/** Options that a kind of model works best with; every rule that applies adds its own. */
const RULES: readonly Rule[] = [
  {
    when: ({ providerID, api }) => providerID === 'openai' || ['@ai-sdk/openai', COPILOT].includes(api.npm),
    options: () => ({ store: false }),
  },
  { when: ({ api }) => api.npm === OPENROUTER, options: () => ({ usage: { include: true } }) },
  {
    when: ({ api }, id) => api.npm === OPENROUTER && isGemini3(id),
    options: () => ({ reasoning: { effort: 'high' } }),
  },
  {
    when: ({ providerID }, id) =>
      providerID === 'baseten' || (providerID === 'opencode' && ['kimi-k2-thinking', 'glm-4.6'].includes(id)),
    options: () => ({ chat_template_args: { enable_thinking: true } }),
  },
  {
    when: ({ providerID, api }) =>
      ['zai', 'zhipuai'].some((name) => providerID.includes(name)) && api.npm === COMPATIBLE,
    options: () => ({ thinking: { type: 'enabled', clear_thinking: false } }),
  },
  {
    when: ({ providerID }) => providerID === 'openai' || providerID === 'venice',
    options: (_, promptCacheKey) => ({ promptCacheKey }),
  },
  { when: ({ providerID }) => providerID === 'openrouter', options: (_, key) => ({ prompt_cache_key: key }) },
  {
    when: ({ api }) => GOOGLE.includes(api.npm),
    options: (model) => ({
      thinkingConfig: { includeThoughts: true, ...(isGemini3(apiIdOf(model)) ? { thinkingLevel: 'high' } : {}) },
    }),
  },
  {
    when: (model) => ANTHROPIC.includes(model.api.npm) && isKimi25(apiIdOf(model)),
    options: ({ limit }) => ({
      thinking: { type: 'enabled', budgetTokens: Math.min(16_000, Math.floor(limit.output / 2 - 1)) },
    }),
  },
  {
    when: ({ providerID, capabilities, api }, id) =>
      providerID === 'alibaba-cn' &&
      capabilities.reasoning &&
      api.npm === COMPATIBLE &&
      !id.includes('kimi-k2-thinking'),
    options: () => ({ enable_thinking: true }),
  },
  { when: (model) => isChoosyGpt5(model), options: gpt5 },
  { when: ({ api }) => api.npm === '@ai-sdk/gateway', options: () => ({ gateway: { caching: 'auto' } }) },
];

/** Options of every ordinary call of a model. */
export function baseOptions(model: Model, sessionID: string, provider?: Readonly<Options>): Options {
  const id = idOf(model);
  const options = RULES.filter((rule) => rule.when(model, id)).map((rule) => rule.options(model, sessionID));
  const cacheKey = provider?.['setCacheKey'] === true ? { promptCacheKey: sessionID } : {};
  return mergeOptions(...options, cacheKey);
}

/** Options of the short calls beside a run (titles): as little reasoning as the model allows. */
export function smallOptions(model: Model): Options {
  const id = apiIdOf(model);
  const { npm } = model.api;
  if (model.providerID === 'openai' || npm === '@ai-sdk/openai' || npm === COPILOT)
    return { store: false, ...(isGpt5(id) ? { reasoningEffort: /5\.\d/.test(id) ? 'low' : 'minimal' } : {}) };
  if (model.providerID === 'google' || GOOGLE.includes(npm))
    return { thinkingConfig: isGemini3(id) ? { thinkingLevel: 'minimal' } : { thinkingBudget: 0 } };
  if (model.providerID === 'openrouter' || npm === OPENROUTER)
    return id.includes('google') ? { reasoning: { enabled: false } } : { reasoningEffort: 'minimal' };
  if (model.providerID === 'venice') return { veniceParameters: { disableThinking: true } };
  return {};
}

function isChoosyGpt5(model: Model): boolean {
  const id = apiIdOf(model);
  return isGpt5(id) && !id.includes('gpt-5-chat');
}

function gpt5(model: Model, sessionID: string): Options {
  const id = apiIdOf(model);
  const terse = id.includes('gpt-5.') && !/codex|-chat/.test(id) && model.providerID !== 'azure';
  return {
    ...(id.includes('gpt-5-pro') ? {} : { reasoningEffort: 'medium', reasoningSummary: 'auto' }),
    ...(terse ? { textVerbosity: 'low' } : {}),
    ...(model.providerID.startsWith('opencode')
      ? { promptCacheKey: sessionID, include: ['reasoning.encrypted_content'] }
      : {}),
  };
}
