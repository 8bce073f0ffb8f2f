export interface InTimeOptions {
  /** How long it may take. */
  milliseconds?: number;
  /** Gives up with its reason. */
  signal?: AbortSignal;
}

/** What comes of a work; rejects when that takes too long, or the signal aborts first. The work itself is not ended. */
export async function inTime<T>(work: PromiseLike<T> | T, { milliseconds, signal }: InTimeOptions): Promise<T> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const onTimeout = () => reject(new Error(`no answer within ${milliseconds} ms`));
  const onAbort = () => reject(signal?.reason as Error);
  const timer = milliseconds === undefined ? undefined : setTimeout(onTimeout, milliseconds);
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}
