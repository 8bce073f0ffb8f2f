import { constants } from 'node:os';

export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Milliseconds that the orderly end may take. */
const PATIENCE = 4_500;

/** Waits for a signal, then for `close`, and resolves to the exit code. Ends the process at once at a second signal. */
export async function untilStopped(close: () => Promise<void>): Promise<number> {
  await new Promise<void>((resolve) => {
    let stopping = false;
    for (const signal of SIGNALS)
      process.on(signal, () => {
        if (stopping) process.exit(128 + constants.signals[signal]);
        stopping = true;
        resolve();
      });
  });
  return (await endsInTime(close)) ? 0 : 1;
}

/** Ends a server; resolves to false, with a word about it, when that takes too long to wait for. */
export async function endsInTime(close: () => Promise<void>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(resolve, PATIENCE, false);
  const ended = await Promise.race([close().then(() => true), late]);
  clearTimeout(timer);
  if (!ended) console.error('The server did not stop in time.');
  return ended;
}
