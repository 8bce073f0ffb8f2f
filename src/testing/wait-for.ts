/** Milliseconds a test waits for something that should come at once. */
const PATIENCE = 20_000;

/**
 * Waits until `ready` is true, looking again whenever a listener of `wakers` is called.
 * Rejects with the text of `what` when that takes too long.
 */
export async function waitFor(
  ready: () => boolean,
  wakers: Set<() => void>,
  what: string | (() => string),
  timeout = PATIENCE,
): Promise<void> {
  if (ready()) return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const look = () => {
    try {
      if (ready()) resolve();
    } catch (error) {
      reject(error);
    }
  };
  const timer = setTimeout(() => {
    reject(new Error(`Waited ${timeout} ms in vain for ${typeof what === 'string' ? what : what()}`));
  }, timeout);
  wakers.add(look);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    wakers.delete(look);
  }
}
