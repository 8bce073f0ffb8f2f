import type { Pty } from '#libs/contract';
import { OutputLog } from './output-log.js';
import { type TerminalClient, TerminalFeed } from './terminal-feed.js';
import type { TerminalProcess } from './terminal-runner.port.js';

/** A program in a terminal, what it put out, and who looks at it. */
export class Terminal {
  private readonly log = new OutputLog();
  private readonly feeds = new Set<TerminalFeed>();
  private paused = false;
  private over = false;
  private ending?: Promise<void>;

  /**
   * @param hold let go when the terminal is over
   * @param exited called when the program ended by itself
   */
  constructor(
    readonly info: Pty,
    private readonly program: TerminalProcess,
    private readonly hold: Disposable,
    exited: (exitCode: number) => void,
  ) {
    program.onOutput((text) => {
      this.log.add(text);
      for (const feed of [...this.feeds]) feed.send(text);
    });
    program.onExit((exitCode) => {
      if (this.over) return;
      this.leave();
      exited(exitCode);
    });
  }

  /**
   * Shows the output to a client and takes its input, until one of them ends.
   * @param cursor position in the output to start from; -1 = its end
   */
  attach(client: TerminalClient, cursor = 0): void {
    if (this.over) return client.close();
    const feed = new TerminalFeed(client, () => this.balance());
    for (const piece of this.log.from(cursor < 0 ? Infinity : cursor)) feed.send(piece);
    feed.send(cursorFrame(this.log.cursor));
    this.feeds.add(feed);
    this.balance();
    client.onText((text) => this.program.write(text));
    client.onClose(() => {
      feed.end();
      this.feeds.delete(feed);
      this.balance();
    });
  }

  resize(cols: number, rows: number): void {
    this.program.resize(cols, rows);
  }

  /** Ends the program and all it started; resolves when they are gone. */
  end(): Promise<void> {
    this.leave();
    return (this.ending ??= this.program.end());
  }

  /** Says goodbye to all clients. */
  private leave(): void {
    if (this.over) return;
    this.over = true;
    this.hold[Symbol.dispose]();
    for (const feed of this.feeds) feed.client.close();
  }

  /** Lets the program wait as long as a client is behind. */
  private balance(): void {
    const wanted = !this.over && [...this.feeds].some((feed) => feed.blocked);
    if (wanted === this.paused) return;
    this.paused = wanted;
    if (wanted) this.program.pause();
    else this.program.resume();
  }
}

/** Follows the replay: a zero byte and where the output is, for a client that comes back. */
function cursorFrame(cursor: number): Uint8Array {
  return Buffer.from(`\0${JSON.stringify({ cursor })}`);
}
