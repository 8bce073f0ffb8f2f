import { WireError } from '#libs/contract';

/** A search was ended because it took too long. */
export class SearchTimeoutError extends WireError {
  /** @param timeout milliseconds */
  constructor(timeout: number) {
    const message = `The search took longer than ${timeout / 1000} s. Give a more specific path or pattern.`;
    super('SearchTimeoutError', 504, { message });
  }
}
