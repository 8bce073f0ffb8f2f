/**
 * Cuts a stream of text into its lines without ever holding more of one line than is wanted.
 * The callback returns false to stop.
 */
export class LineSplitter {
  private line = '';
  private stopped = false;

  constructor(
    private readonly onLine: (line: string) => boolean | void,
    /** Characters kept of a line. */
    private readonly maxLength: number,
    private readonly separator = '\n',
  ) {}

  /** False when no more text is wanted. */
  write(text: string): boolean {
    let from = 0;
    while (!this.stopped) {
      const end = text.indexOf(this.separator, from);
      const room = this.maxLength - this.line.length;
      if (room > 0) this.line += text.slice(from, Math.min(end < 0 ? text.length : end, from + room));
      if (end < 0) break;
      this.finish();
      from = end + 1;
    }
    return !this.stopped;
  }

  /** Gives out what follows the last separator, also when that is nothing. */
  end(): void {
    if (!this.stopped) this.finish();
  }

  private finish(): void {
    const line = this.line;
    this.line = '';
    if (this.onLine(line) === false) this.stopped = true;
  }
}
