import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds a test waits for something that should come soon. */
const PATIENCE = 30_000;

/** Looks again and again until the condition holds; for what announces itself by no event. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  patience = PATIENCE,
): Promise<void> {
  const end = Date.now() + patience;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`Waited in vain until ${what}`);
    await delay(10);
  }
}
