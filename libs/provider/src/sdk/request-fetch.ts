import { LONGEST_TIMER } from '#libs/extension';

export interface RequestFetchOptions {
  /** Milliseconds one request may take, answer included. */
  timeout?: unknown;
  /** Take the ids out of the items of an OpenAI Responses request: with `store: false` the server knows none. */
  stripItemIds?: boolean;
  /** A fetch that the options of the provider bring along. */
  fetch?: unknown;
}

/** The fetch a provider's requests go through; undefined when the ordinary one does. */
export function requestFetch({ timeout, stripItemIds, fetch: given }: RequestFetchOptions): typeof fetch | undefined {
  const custom = typeof given === 'function' ? (given as typeof fetch) : undefined;
  const limit = typeof timeout === 'number' && timeout > 0 ? Math.min(timeout, LONGEST_TIMER) : undefined;
  if (limit === undefined && !stripItemIds) return custom;
  return async (input, init) => {
    const signals = [init?.signal, limit === undefined ? undefined : AbortSignal.timeout(limit)];
    return await (custom ?? fetch)(input, {
      ...init,
      signal: AbortSignal.any(signals.filter((signal) => signal != null)),
      ...(stripItemIds && typeof init?.body === 'string' ? { body: withoutItemIds(init.body) } : {}),
    });
  };
}

function withoutItemIds(body: string): string {
  if (!body.includes('"input"')) return body;
  const request = JSON.parse(body) as { store?: unknown; input?: unknown };
  if (request.store === true || !Array.isArray(request.input)) return body;
  const input = request.input.map((item: unknown) => {
    if (typeof item !== 'object' || item === null || (item as { type?: unknown }).type === 'item_reference')
      return item;
    const { id: _id, ...rest } = item as { id?: unknown };
    return rest;
  });
  return JSON.stringify({ ...request, input });
}
