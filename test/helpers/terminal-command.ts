import { spawn } from 'node-pty';
import { stripVTControlCharacters } from 'node:util';
import { isolated } from '../../src/testing/test-server.js';
import { builtCommand } from './built-command.js';

/** Milliseconds a command may take to show or do something. */
const PATIENCE = 40_000;

export const KEYS = { enter: '\r', down: '\u001b[B', escape: '\u001b', interrupt: '\u0003' } as const;

/** The `opencode` command in a terminal of its own, with somebody at the keyboard. */
export class TerminalCommand implements AsyncDisposable {
  /** Everything shown, without colours and movements of the cursor. */
  shown = '';
  readonly ended: Promise<number>;
  private seen = 0;
  private running = true;
  private wake = () => {};

  private constructor(private readonly terminal: ReturnType<typeof spawn>) {
    terminal.onData((text) => {
      this.shown += stripVTControlCharacters(text);
      this.wake();
    });
    this.ended = new Promise((resolve) => {
      terminal.onExit(({ exitCode }) => {
        this.running = false;
        this.wake();
        resolve(exitCode);
      });
    });
  }

  static async start(
    args: readonly string[],
    options: { home: string; cwd?: string; variables?: Record<string, string> },
  ): Promise<TerminalCommand> {
    const command = await builtCommand();
    const { home, cwd = home, variables } = options;
    const env = { ...isolated(home, variables), TERM: 'xterm-256color' };
    return new TerminalCommand(spawn(process.execPath, [command, ...args], { cwd, env, cols: 120, rows: 40 }));
  }

  /** Waits until something is shown that was not there at the last look, then presses keys. */
  async at(pattern: RegExp, ...keys: readonly string[]): Promise<void> {
    const timer = setTimeout(() => this.wake(), PATIENCE);
    const end = Date.now() + PATIENCE;
    try {
      for (;;) {
        const found = pattern.exec(this.shown.slice(this.seen));
        if (found) {
          this.seen += found.index + found[0].length;
          break;
        }
        if (!this.running || Date.now() >= end) throw new Error(`No ${String(pattern)} in:\n${this.shown}`);
        await new Promise<void>((resolve) => (this.wake = resolve));
      }
    } finally {
      clearTimeout(timer);
    }
    for (const key of keys) this.terminal.write(key);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.running) this.terminal.kill('SIGKILL');
    await this.ended;
  }
}
