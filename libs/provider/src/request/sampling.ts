export interface Sampling {
  temperature?: number;
  topP?: number;
  topK?: number;
}

interface Family {
  is: RegExp;
  sampling: (id: string) => Sampling;
}

/** Sampling that a family of models was tuned for; the first family that matches the lower-case id counts. */
const FAMILIES: readonly Family[] = [
  { is: /qwen/, sampling: () => ({ temperature: 0.55, topP: 1 }) },
  { is: /claude/, sampling: () => ({}) },
  { is: /gemini/, sampling: () => ({ temperature: 1, topP: 0.95, topK: 64 }) },
  { is: /glm-4\.[67]/, sampling: () => ({ temperature: 1 }) },
  { is: /minimax-m2/, sampling: (id) => ({ temperature: 1, topP: 0.95, topK: /m2\.|m25|m21/.test(id) ? 40 : 20 }) },
  {
    is: /kimi-k2/,
    sampling: (id) => {
      if (/k2\.5|k2p5|k2-5/.test(id)) return { temperature: 1, topP: 0.95 };
      return { temperature: /thinking|k2\.|k2p/.test(id) ? 1 : 0.6 };
    },
  },
];

/** Recommended sampling of a model; empty when the provider's own defaults are best. */
export function samplingOf(modelID: string): Sampling {
  const id = modelID.toLowerCase();
  return FAMILIES.find((family) => family.is.test(id))?.sampling(id) ?? {};
}
