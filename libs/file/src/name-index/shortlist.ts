/** Keeps the cheapest of many. */
export class Shortlist {
  private entries: { path: string; cost: number }[] = [];
  private worst = Infinity;

  constructor(private readonly size: number) {}

  takes(cost: number): boolean {
    return cost < this.worst;
  }

  offer(path: string, cost: number): void {
    if (!this.takes(cost)) return;
    this.entries.push({ path, cost });
    // sorted now and then only: most are turned away by the comparison above
    if (this.entries.length >= 4 * this.size) this.cut();
  }

  paths(): string[] {
    this.cut();
    return this.entries.map(({ path }) => path);
  }

  private cut(): void {
    this.entries.sort((a, b) => a.cost - b.cost);
    if (this.entries.length <= this.size) return;
    this.entries.length = this.size;
    this.worst = this.entries.at(-1)?.cost ?? Infinity;
  }
}
