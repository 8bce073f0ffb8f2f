import type { ModelRef, Provider } from '#libs/contract';

const MAX = 3;

/** Ids that the caller may have meant: models of the provider, or providers when that is unknown. */
export async function suggestionsFor(ref: ModelRef, connected: ReadonlyMap<string, Provider>): Promise<string[]> {
  const provider = connected.get(ref.providerID);
  const ids = provider ? Object.keys(provider.models) : [...connected.keys()];
  const wanted = provider ? ref.modelID : ref.providerID;
  if (wanted === '') return [];
  const { default: fuzzysort } = await import('fuzzysort');
  return fuzzysort.go(wanted, ids, { limit: MAX, threshold: 0.1 }).map(({ target }) => target);
}
