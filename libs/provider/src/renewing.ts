/**
 * Hands out a value that ends, made anew in time and by one caller for all.
 * @param make makes it
 * @param end when it ends, in milliseconds since the epoch
 * @param margin milliseconds before its end at which it is no longer handed out
 */
export function renewing<T>(make: () => Promise<T>, end: (value: T) => number, margin: number): () => Promise<T> {
  let known: { value: T; until: number } | undefined;
  let making: Promise<T> | undefined;
  const renew = async () => {
    const value = await make();
    known = { value, until: end(value) - margin };
    return value;
  };
  return async () => {
    if (known && Date.now() < known.until) return known.value;
    making ??= renew().finally(() => (making = undefined));
    return await making;
  };
}
