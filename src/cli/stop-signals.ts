import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Milliseconds that the orderly end may take. */
const PATIENCE = 4_500;

/**
 * Waits for a signal, then for `close`, and resolves to the exit code. Ends the process at once at a second signal,
 * and in any case when closing takes too long.
 */
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
  setTimeout(() => {
    console.error('The server did not stop in time.');
    process.exit(1);
  }, PATIENCE).unref();
  await close();
  // what a plugin left open must not keep the process
  setTimeout(() => process.exit(), 250).unref();
  return 0;
}
