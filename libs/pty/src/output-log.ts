/** UTF-16 units that are kept. */
export const KEPT = 2 * 1024 * 1024;
/** UTF-16 units of one piece of a replay. */
const PIECE = 64 * 1024;
/** Small outputs are put together up to this length. */
const BLOCK = 4 * 1024;

/** The newest output of a terminal, by position: the number of UTF-16 units before it. */
export class OutputLog {
  private blocks: string[] = [];
  /** Position of the first block. */
  private start = 0;
  private end = 0;

  constructor(private readonly kept = KEPT) {}

  /** Position behind the last output. */
  get cursor(): number {
    return this.end;
  }

  add(text: string): void {
    const last = this.blocks.at(-1);
    if (last !== undefined && last.length + text.length <= BLOCK) this.blocks[this.blocks.length - 1] = last + text;
    else this.blocks.push(text);
    this.end += text.length;
    let gone = 0;
    for (let first = this.blocks[0]; first !== undefined && this.end - this.start - first.length >= this.kept;) {
      this.start += first.length;
      first = this.blocks[++gone];
    }
    if (gone > 0) this.blocks.splice(0, gone);
  }

  /** What was put out from a position on, as far as it is kept, in pieces that break no character. */
  from(position: number): string[] {
    const earliest = Math.max(this.start, this.end - this.kept);
    let text = this.blocks.join('').slice(Math.max(position, earliest) - this.start);
    // half of a pair whose other half is gone shows nothing
    if (position < earliest && isLow(text.charCodeAt(0))) text = text.slice(1);
    const pieces: string[] = [];
    for (let at = 0; at < text.length;) {
      const to = at + PIECE;
      const next = to < text.length && isLow(text.charCodeAt(to)) ? to - 1 : to;
      pieces.push(text.slice(at, next));
      at = next;
    }
    return pieces;
  }
}

const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
