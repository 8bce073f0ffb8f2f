/** Does the work of each key one piece after the other, also after a failure. Different keys never wait. */
export class KeyedQueue {
  private readonly last = new Map<string, Promise<unknown>>();

  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.last.get(key) ?? Promise.resolve();
    const result = before.then(work, work);
    this.last.set(key, result);
    try {
      return await result;
    } finally {
      if (this.last.get(key) === result) this.last.delete(key);
    }
  }

  /** Resolves when everything begun so far is done, however it went. */
  async settled(key: string): Promise<void> {
    await this.last.get(key)?.catch(() => undefined);
  }
}
