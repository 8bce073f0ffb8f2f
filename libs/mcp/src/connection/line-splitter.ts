const NEWLINE = 0x0a;

/** Cuts a stream of bytes into lines; what is kept of an unfinished one is bounded. */
export class LineSplitter {
  private pieces: Buffer[] = [];
  private size = 0;

  /** @param limit bytes of a line */
  constructor(private readonly limit: number) {}

  /** The lines that are complete now, without their ends. @throws RangeError when a line exceeds the limit */
  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      this.keep(chunk.subarray(from, at));
      lines.push(this.take());
      from = at + 1;
    }
    if (from < chunk.length) this.keep(chunk.subarray(from));
    return lines;
  }

  private keep(piece: Buffer): void {
    this.size += piece.length;
    if (this.size > this.limit) {
      this.pieces = [];
      throw new RangeError(`A line of more than ${this.limit} bytes`);
    }
    this.pieces.push(piece);
  }

  private take(): string {
    const line = Buffer.concat(this.pieces).toString('utf8');
    this.pieces = [];
    this.size = 0;
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  }
}
