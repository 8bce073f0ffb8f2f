/** The work, or an error when it takes too long. @param milliseconds after which it counts as lost */
export async function within<T>(work: Promise<T>, milliseconds: number, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`it was not done after ${milliseconds / 1000} seconds`)),
    milliseconds,
  );
  const onAbort = () => reject(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
