import { McpError, REQUEST_TIMEOUT } from './mcp.error.js';

export interface ListSource<T> {
  /** Asks the server; `limit` milliseconds at most. */
  load(limit: number): Promise<readonly T[]>;
  /** Whether the server tells about changes now. */
  isAnnounced(): boolean;
  /** Milliseconds the first answer may take. */
  timeout: number;
}

/** Milliseconds a server has to repeat a list; one that is busy must not hold up every step of every session. */
const REPEAT_LIMIT = 5_000;

/**
 * A list of a server. Kept until the server says that it changed, where it promises to say so; else asked for each time.
 * One that does not answer in time has what it had.
 */
export class CachedList<T> {
  private kept?: Promise<readonly T[]>;
  private last?: readonly T[];

  constructor(private readonly source: ListSource<T>) {}

  get(): Promise<readonly T[]> {
    if (this.kept) return this.kept;
    const asked = this.ask();
    this.kept = asked;
    const forget = () => {
      if (this.kept === asked) this.kept = undefined;
    };
    // those who ask at the same time share the answer
    asked.then(this.source.isAnnounced() ? () => undefined : forget, forget);
    return asked;
  }

  /** The next one who asks gets a new list. */
  forget(): void {
    this.kept = undefined;
  }

  private async ask(): Promise<readonly T[]> {
    const { last, source } = this;
    if (!last) return (this.last = await source.load(source.timeout));
    try {
      return (this.last = await source.load(Math.min(source.timeout, REPEAT_LIMIT)));
    } catch (error) {
      if (!(error instanceof McpError) || error.code !== REQUEST_TIMEOUT) throw error;
      // asked for again by the next one
      this.forget();
      return last;
    }
  }
}
