import type { Model } from '#libs/contract';

/** Questions about what kind of model an id names. Ids are compared in lower case. */
export const idOf = (model: Model): string => model.id.toLowerCase();
export const apiIdOf = (model: Model): string => model.api.id.toLowerCase();

/** Models of the GPT-5 generation: `gpt-5`, `gpt-5-mini`, `gpt-5.2`, … */
export const isGpt5 = (id: string): boolean => id.includes('gpt-5');
export const isGemini3 = (id: string): boolean => id.includes('gemini-3');
export const isKimi25 = (id: string): boolean => /k2p5|k2\.5|k2-5/.test(id);

/** Claude models that decide themselves how long to think and are steered by an effort. */
export function thinksAdaptively(id: string): boolean {
  const found = /claude-(?:opus|sonnet|haiku|fable)-(\d+)(?:[.-](\d{1,2})(?!\d))?/.exec(id);
  if (!found) return false;
  const major = Number(found[1]);
  return major > 4 || (major === 4 && Number(found[2] ?? 0) >= 6);
}

/** Whether a model's requests are those of Anthropic, through whatever provider. */
export function isClaudeLike(model: Model): boolean {
  const ids = `${idOf(model)} ${apiIdOf(model)}`;
  return (
    model.providerID === 'anthropic' ||
    ids.includes('anthropic') ||
    ids.includes('claude') ||
    model.api.npm === '@ai-sdk/anthropic'
  );
}
