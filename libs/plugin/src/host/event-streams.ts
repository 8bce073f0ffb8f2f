import type { OpencodeClientConfig } from '@opencode-ai/sdk/v2/client';
import { setTimeout as delay } from 'node:timers/promises';

interface StreamOptions {
  url: string;
  signal?: AbortSignal;
  [name: string]: unknown;
}

type EventStream = AsyncGenerator<unknown, void, unknown>;
type OpenStream = (options: StreamOptions) => Promise<{ stream: EventStream }>;

/** What the generated clients are made of: alike in both of their versions, and hidden by the types. */
interface FirstClient {
  _client: { get: { sse: OpenStream } };
}
interface SecondClient {
  client: { sse: { get: OpenStream } };
}

interface Redirection {
  config: OpencodeClientConfig;
  /** Ends the streams. */
  end: AbortSignal;
  /** Throws when there is nothing to connect to: a stream would try again for ever. */
  check: () => void;
}

/**
 * Lets a client of the first version read streams of events through the `fetch` it was given: it would ask the network.
 * That of the second version does as it is told, so the streams are its own.
 */
export function redirectStreams(client: object, { config, end, check }: Redirection): void {
  (client as FirstClient)._client.get.sse = async (options) => {
    check();
    const { createOpencodeClient } = await import('@opencode-ai/sdk/v2/client');
    const left = new AbortController();
    const signal = AbortSignal.any([end, left.signal, ...(options.signal ? [options.signal] : [])]);
    const sseSleepFn = (milliseconds: number) => delay(milliseconds, undefined, { signal, ref: false }).catch(() => {});
    const second = createOpencodeClient(config) as unknown as SecondClient;
    const { stream } = await second.client.sse.get({ sseSleepFn, ...options, signal });
    return { stream: untilLeft(stream, left) };
  };
}

/** Who leaves the loop over a stream has done with it: it would stay open. */
async function* untilLeft(stream: EventStream, left: AbortController): EventStream {
  try {
    yield* stream;
  } finally {
    left.abort();
  }
}
