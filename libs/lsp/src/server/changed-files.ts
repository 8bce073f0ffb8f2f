import { stat } from 'node:fs/promises';
import type { Change } from '../client/open-documents.js';

/** Milliseconds in which changes on disk are gathered. */
const GATHER = 50;
/** Milliseconds between the making of a file and its last change within which that counts as one. */
const YOUNG = 1000;

/** Changes on disk that servers are told of together: a checkout of another branch makes thousands. */
export class ChangedFiles {
  private readonly gathered = new Map<string, Change['type'] | undefined>();
  private timer: NodeJS.Timeout | undefined;
  private telling = Promise.resolve();

  constructor(private readonly tell: (changes: readonly Change[]) => Promise<void>) {}

  /** @param type found out from the file when it is not known */
  add(path: string, type?: Change['type']): void {
    this.gathered.set(path, type);
    this.timer ??= setTimeout(() => void this.flush(), GATHER);
  }

  /** Tells at once what there is; resolves when that, and what was being told already, is told. */
  flush(): Promise<void> {
    const changes = [...this.gathered];
    this.clear();
    if (changes.length > 0) this.telling = this.telling.then(() => this.pass(changes));
    return this.telling;
  }

  clear(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.gathered.clear();
  }

  private async pass(changes: readonly [path: string, type: Change['type'] | undefined][]): Promise<void> {
    await this.tell(
      await Promise.all(changes.map(async ([path, type]) => ({ path, type: type ?? (await typeOf(path)) }))),
    );
  }
}

/** What happened to a file, as far as it tells that itself. */
async function typeOf(path: string): Promise<Change['type']> {
  const stats = await stat(path).catch(() => undefined);
  if (!stats) return 3;
  return stats.mtimeMs - stats.birthtimeMs < YOUNG ? 1 : 2;
}
