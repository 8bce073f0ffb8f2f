/** UTF-16 units on their way to a client past which the program has to wait. */
const HIGH = 1024 * 1024;
/** What may be left on the way when it goes on. */
const LOW = HIGH / 4;
/** Milliseconds a client may take nothing while others wait for it. */
const PATIENCE = 10_000;

/** Somebody who looks at a terminal. @publicApi */
export interface TerminalClient {
  /** `sent` is called when the system has taken the data, or never will. */
  send(data: string | Uint8Array, sent: () => void): void;
  onText(listener: (text: string) => void): void;
  onClose(listener: () => void): void;
  /** In good order. */
  close(): void;
  /** At once. */
  terminate(): void;
}

/**
 * Output on its way to one client. One that is slow makes the program wait; one that takes nothing for a while is
 * dropped: it may come back and go on from its cursor.
 */
export class TerminalFeed {
  private pending = 0;
  private stalled?: NodeJS.Timeout;
  blocked = false;

  /** @param changed called when {@link blocked} is another */
  constructor(
    readonly client: TerminalClient,
    private readonly changed: () => void,
    private readonly patience = PATIENCE,
  ) {}

  send(data: string | Uint8Array): void {
    this.pending += data.length;
    this.client.send(data, () => this.sent(data.length));
    if (!this.blocked && this.pending > HIGH) this.block();
  }

  end(): void {
    clearTimeout(this.stalled);
    this.blocked = false;
  }

  private sent(length: number): void {
    this.pending -= length;
    this.stalled?.refresh();
    if (!this.blocked || this.pending > LOW) return;
    this.end();
    this.changed();
  }

  private block(): void {
    this.blocked = true;
    this.stalled = setTimeout(() => this.client.terminate(), this.patience).unref();
    this.changed();
  }
}
