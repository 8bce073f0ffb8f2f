/** Bytes of the header of a message; it has one or two short lines. */
const MAX_HEADER = 8 * 1024;
/** Bytes of a message. */
const MAX_MESSAGE = 64 * 1024 * 1024;
const END = '\r\n\r\n';

/**
 * Follows the messages in what a server sends. The reader keeps what has no end, and looks through all of it whenever
 * more comes: this tells early that nothing will come of it.
 */
export class FrameWatch {
  private header = '';
  /** Bytes of the current message that are still to come. */
  private missing = 0;

  /** What is wrong with the next bytes; undefined when they can be messages. */
  problemOf(chunk: Buffer): string | undefined {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.missing > 0) {
        const taken = Math.min(this.missing, rest.length);
        this.missing -= taken;
        rest = rest.subarray(taken);
        continue;
      }
      const text = this.header + rest.toString('latin1', 0, MAX_HEADER);
      const end = text.indexOf(END);
      if (end < 0 && text.length >= MAX_HEADER) return 'it sends no messages';
      if (end < 0) {
        this.header = text;
        return undefined;
      }
      rest = rest.subarray(end + END.length - this.header.length);
      this.header = '';
      this.missing = Number(/^content-length:\s*(\d+)\s*$/im.exec(text.slice(0, end))?.[1] ?? 0);
      if (this.missing > MAX_MESSAGE) return `it sends a message of ${this.missing} bytes`;
    }
    return undefined;
  }
}
