import type { Model } from '#libs/contract';

/** Families worth starting with; the later in the list, the better. */
const PREFERRED = ['gpt-5', 'claude-sonnet-4', 'big-pickle', 'gemini-3-pro'];

/** Models of a provider, the best to start with first. Those that cannot chat with tools come last. */
export function sortModels<T extends Pick<Model, 'id' | 'capabilities'>>(models: readonly T[]): T[] {
  return [...models].sort(
    (a, b) =>
      Number(works(b)) - Number(works(a)) ||
      rank(b.id) - rank(a.id) ||
      Number(b.id.includes('latest')) - Number(a.id.includes('latest')) ||
      (a.id < b.id ? 1 : a.id > b.id ? -1 : 0),
  );
}

function rank(id: string): number {
  return PREFERRED.findIndex((part) => id.includes(part));
}

/** A catalogue lists models for images, speech and embeddings as well. */
function works({ capabilities }: Pick<Model, 'capabilities'>): boolean {
  return capabilities.toolcall && capabilities.output.text;
}
