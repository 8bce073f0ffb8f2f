import { cutText } from '../output/limit-output.js';

/** Characters kept of what a command prints. */
const MAX_LENGTH = 32 * 1024 * 1024;
/** Characters of it that people are shown. */
const MAX_SHOWN = 30_000;
/** Milliseconds between two reports. */
const INTERVAL = 50;

/** The beginning of an output, as people are shown it. */
export const shownOutput = (text: string): string => cutText(text, MAX_SHOWN, '\n\n...');

/**
 * Collects what a command prints and reports what is shown of it while that grows: the first piece at once, then at
 * intervals.
 */
export class LiveOutput {
  text = '';
  /** Something did not fit. */
  overflowed = false;
  private timer?: NodeJS.Timeout;
  private stale = false;

  constructor(private readonly report: (shown: string) => void) {}

  add(piece: string): void {
    const room = MAX_LENGTH - this.text.length;
    if (piece.length > room) this.overflowed = true;
    // past it the same would be told again and again
    if (this.text.length <= MAX_SHOWN) this.stale = true;
    this.text += piece.slice(0, room);
    if (this.stale && !this.timer) this.tell();
  }

  /** Reports what is not reported yet; nothing is reported later. */
  end(): void {
    clearTimeout(this.timer);
    if (this.stale) this.report(shownOutput(this.text));
    this.stale = false;
  }

  private tell(): void {
    this.stale = false;
    this.report(shownOutput(this.text));
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (this.stale) this.tell();
    }, INTERVAL);
  }
}
