const KEPT = 10_000;

/**
 * Ids of messages removed by this process. A run that is still writing one must not bring it back; after a restart
 * no run is left that could, so memory is enough.
 */
export class RemovedIds {
  private readonly ids = new Set<string>();

  add(id: string): void {
    this.ids.add(id);
    if (this.ids.size <= KEPT) return;
    for (const oldest of this.ids) return void this.ids.delete(oldest);
  }

  has(id: string): boolean {
    return this.ids.has(id);
  }

  delete(id: string): void {
    this.ids.delete(id);
  }
}
