import type { Change } from '../client/open-documents.js';

/** Milliseconds in which changes on disk are gathered. */
const GATHER = 50;

/** Changes on disk that servers are told of together: a checkout of another branch makes thousands. */
export class ChangedFiles {
  private readonly gathered = new Map<string, Change>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly tell: (changes: readonly Change[]) => Promise<void>) {}

  add(change: Change): void {
    this.gathered.set(change.path, change);
    this.timer ??= setTimeout(() => void this.flush(), GATHER);
  }

  /** Tells at once what there is. */
  async flush(): Promise<void> {
    const changes = [...this.gathered.values()];
    this.clear();
    if (changes.length > 0) await this.tell(changes);
  }

  clear(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.gathered.clear();
  }
}
