/** A text and its lines. */
export class SourceText {
  readonly lines: readonly string[];
  private readonly starts: number[] = [];

  constructor(readonly text: string) {
    this.lines = text.split('\n');
    let start = 0;
    for (const line of this.lines) {
      this.starts.push(start);
      start += line.length + 1;
    }
  }

  line(index: number): string {
    return this.lines[index] ?? '';
  }

  /** The text of some lines, without the end of the last one. */
  block(first: number, count: number): string {
    const last = first + count - 1;
    return this.text.slice(this.starts[first], (this.starts[last] ?? 0) + this.line(last).length);
  }

  /** Where blocks of this many lines begin. */
  *windows(count: number): Generator<number> {
    for (let first = 0; first + count <= this.lines.length; first++) yield first;
  }
}

/** Lines of what a model wants to replace; a final line end adds no line. */
export function wantedLines(wanted: string): string[] {
  const lines = wanted.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
