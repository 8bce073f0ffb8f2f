import type { Model } from '#libs/contract';
import { apiIdOf, idOf, isGemini3, thinksAdaptively } from './model-family.js';
import { isPlain, mergeOptions, type Options } from './merge-options.js';

export type Variants = Record<string, Options>;

const THREE = ['low', 'medium', 'high'];
const FOUR = [...THREE, 'max'];
const SIX = ['none', 'minimal', ...THREE, 'xhigh'];
/** Families that reason without an effort that can be chosen. */
const FIXED = /deepseek|minimax|glm|mistral|kimi|k2p5/;
/** First release days of models that know the efforts `none` and `xhigh`. */
const NONE_SINCE = '2025-11-13';
const XHIGH_SINCE = '2025-12-04';

const each = (names: readonly string[], options: (effort: string) => Options): Variants =>
  Object.fromEntries(names.map((name) => [name, options(name)]));
const effort = (names: readonly string[]): Variants => each(names, (reasoningEffort) => ({ reasoningEffort }));
const openaiEffort = (names: readonly string[]): Variants =>
  each(names, (reasoningEffort) => ({
    reasoningEffort,
    reasoningSummary: 'auto',
    include: ['reasoning.encrypted_content'],
  }));

/** The reasoning efforts a prompt can choose from (`variant`), each with the options it stands for. */
export function variantsOf(model: Model): Variants {
  const id = idOf(model);
  if (!model.capabilities.reasoning || FIXED.test(id)) return {};
  if (id.includes('grok')) return id.includes('grok-3-mini') ? grok(model) : {};
  return BY_PACKAGE[model.api.npm]?.(model) ?? {};
}

/** Variants after the configuration had its say: merged, added, or removed by `disabled`. */
export function configuredVariants(base: Variants, config: Readonly<Record<string, unknown>> | undefined): Variants {
  const result: Variants = { ...base };
  for (const [name, value] of Object.entries(config ?? {})) {
    if (!isPlain(value)) continue;
    const { disabled, ...options } = value;
    if (disabled === true) delete result[name];
    else result[name] = mergeOptions(result[name], options);
  }
  return result;
}

function grok(model: Model): Variants {
  if (model.api.npm === '@openrouter/ai-sdk-provider')
    return each(['low', 'high'], (e) => ({ reasoning: { effort: e } }));
  return effort(['low', 'high']);
}

function openai(model: Model): Variants {
  const id = apiIdOf(model);
  if (id === 'gpt-5-pro') return {};
  if (id.includes('codex')) return openaiEffort(/5\.[23]/.test(id) ? [...THREE, 'xhigh'] : THREE);
  const names = [...THREE];
  if (id === 'gpt-5' || id.includes('gpt-5-')) names.unshift('minimal');
  if (model.release_date >= NONE_SINCE) names.unshift('none');
  if (model.release_date >= XHIGH_SINCE) names.push('xhigh');
  return openaiEffort(names);
}

function azure(model: Model): Variants {
  const id = apiIdOf(model);
  if (id === 'o1-mini') return {};
  return openaiEffort(id.includes('gpt-5') ? ['minimal', ...THREE] : THREE);
}

function copilot(model: Model): Variants {
  const id = apiIdOf(model);
  if (id.includes('gemini')) return {};
  if (id.includes('claude')) return { thinking: { thinking_budget: 4000 } };
  return openaiEffort(/5\.1-codex-max|5\.[23]/.test(id) ? [...THREE, 'xhigh'] : THREE);
}

const budget = (budgetTokens: number): Options => ({ thinking: { type: 'enabled', budgetTokens } });

function anthropic(model: Model): Variants {
  if (thinksAdaptively(apiIdOf(model))) return each(FOUR, (name) => ({ thinking: { type: 'adaptive' }, effort: name }));
  const { output } = model.limit;
  return {
    high: budget(Math.min(16_000, Math.floor(output / 2 - 1))),
    max: budget(Math.min(31_999, output - 1)),
  };
}

function bedrock(model: Model): Variants {
  const id = apiIdOf(model);
  const config = (reasoningConfig: Options): Options => ({ reasoningConfig });
  if (thinksAdaptively(id)) return each(FOUR, (name) => config({ type: 'adaptive', maxReasoningEffort: name }));
  if (id.includes('anthropic'))
    return {
      high: config({ type: 'enabled', budgetTokens: 16_000 }),
      max: config({ type: 'enabled', budgetTokens: 31_999 }),
    };
  return each(THREE, (name) => config({ type: 'enabled', maxReasoningEffort: name }));
}

function google(model: Model): Variants {
  const thinking = (options: Options): Options => ({ thinkingConfig: { includeThoughts: true, ...options } });
  if (idOf(model).includes('2.5'))
    return { high: thinking({ thinkingBudget: 16_000 }), max: thinking({ thinkingBudget: 24_576 }) };
  return each(['low', 'high'], (thinkingLevel) => thinking({ thinkingLevel }));
}

function openrouter(model: Model): Variants {
  const id = idOf(model);
  const chosen = id.includes('gpt') || isGemini3(id) || id.includes('claude');
  return chosen ? each(SIX, (name) => ({ reasoning: { effort: name } })) : {};
}

function gateway(model: Model): Variants {
  const id = idOf(model);
  if (id.includes('anthropic')) return anthropic(model);
  if (id.includes('google')) return google(model);
  return effort(SIX);
}

function sap(model: Model): Variants {
  return idOf(model).includes('anthropic') ? anthropic(model) : effort(THREE);
}

const BY_PACKAGE: Readonly<Record<string, (model: Model) => Variants>> = {
  '@ai-sdk/openai-compatible': () => effort(THREE),
  '@ai-sdk/cerebras': () => effort(THREE),
  '@ai-sdk/togetherai': () => effort(THREE),
  '@ai-sdk/xai': () => effort(THREE),
  '@ai-sdk/deepinfra': () => effort(THREE),
  'venice-ai-sdk-provider': () => effort(THREE),
  '@ai-sdk/google-vertex/maas': () => effort(THREE),
  '@ai-sdk/openai': openai,
  '@ai-sdk/azure': azure,
  '@ai-sdk/github-copilot': copilot,
  '@ai-sdk/anthropic': anthropic,
  '@ai-sdk/google-vertex/anthropic': anthropic,
  '@ai-sdk/amazon-bedrock': bedrock,
  '@ai-sdk/amazon-bedrock/anthropic': anthropic,
  '@ai-sdk/amazon-bedrock/mantle': openai,
  '@ai-sdk/google': google,
  '@ai-sdk/google-vertex': google,
  '@ai-sdk/groq': () => effort(['none', ...THREE]),
  '@openrouter/ai-sdk-provider': openrouter,
  '@ai-sdk/gateway': gateway,
  '@mymediset/sap-ai-provider': sap,
  '@jerome-benoit/sap-ai-provider-v2': sap,
};
