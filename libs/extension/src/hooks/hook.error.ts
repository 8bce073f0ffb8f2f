import type { HookPoint } from './hook-points.js';

/** A hook failed, and with it what it was asked about. @publicApi */
export class HookError extends Error {
  override readonly name = 'HookError';

  constructor(
    readonly point: HookPoint,
    who: string,
    why: string,
    options?: ErrorOptions,
  ) {
    super(`The hook ${point} of ${who} failed: ${why}`, options);
  }
}
