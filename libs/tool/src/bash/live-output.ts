/** Characters kept of what a command prints. */
const MAX_LENGTH = 32 * 1024 * 1024;
/** Milliseconds between two reports. */
const INTERVAL = 50;

/** Collects what a command prints and reports it while it grows: the first piece at once, then at intervals. */
export class LiveOutput {
  text = '';
  /** Something did not fit. */
  overflowed = false;
  private timer?: NodeJS.Timeout;
  private stale = false;

  constructor(private readonly report: (text: string) => void) {}

  add(piece: string): void {
    const room = MAX_LENGTH - this.text.length;
    if (piece.length > room) this.overflowed = true;
    this.text += piece.slice(0, room);
    this.stale = true;
    if (!this.timer) this.tell();
  }

  /** Reports what is not reported yet; nothing is reported later. */
  end(): void {
    clearTimeout(this.timer);
    if (this.stale) this.report(this.text);
    this.stale = false;
  }

  private tell(): void {
    this.stale = false;
    this.report(this.text);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (this.stale) this.tell();
    }, INTERVAL);
  }
}
