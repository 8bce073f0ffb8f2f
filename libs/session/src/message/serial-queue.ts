/**
 * Does pieces of work one after the other. While nothing waits, a piece without a promise is done at once and
 * synchronously: a token on its way to the client meets no await.
 */
export class SerialQueue {
  private tail: Promise<void> | undefined;
  private failure: { error: unknown } | undefined;

  /** @param onFailure told once; the work that follows a failure is dropped */
  constructor(private readonly onFailure: (error: unknown) => void) {}

  add(work: () => void | Promise<void>): void {
    if (this.failure) return;
    const result = this.tail ? this.tail.then(() => this.attempt(work)) : this.attempt(work);
    if (!(result instanceof Promise)) return;
    const tail = result.finally(() => {
      if (this.tail === tail) this.tail = undefined;
    });
    this.tail = tail;
  }

  /** Resolves when everything added so far is done; rejects with the first failure. */
  async settled(): Promise<void> {
    while (this.tail) await this.tail;
    if (this.failure) throw this.failure.error;
  }

  private attempt(work: () => void | Promise<void>): void | Promise<void> {
    if (this.failure) return;
    try {
      const result = work();
      return result instanceof Promise ? result.catch((error: unknown) => this.fail(error)) : undefined;
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    if (this.failure) return;
    this.failure = { error };
    this.onFailure(error);
  }
}
