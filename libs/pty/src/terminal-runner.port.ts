/** A program to run in a terminal. */
export interface TerminalRequest {
  /** Absolute path. */
  command: string;
  args: readonly string[];
  /** Absolute path of a directory. */
  cwd: string;
  /** All of its environment. */
  env: Readonly<Record<string, string>>;
  cols: number;
  rows: number;
}

/** A program that runs in a terminal of its own. */
export interface TerminalProcess {
  readonly pid: number;
  onOutput(listener: (text: string) => void): void;
  /** Called once, behind the last output. */
  onExit(listener: (exitCode: number) => void): void;
  write(text: string): void;
  resize(cols: number, rows: number): void;
  /** Stops reading its output: the program waits as soon as the system holds enough of it. */
  pause(): void;
  resume(): void;
  /** Ends it with everything it started; resolves when that is gone. */
  end(): Promise<void>;
}

/** Starts programs in terminals. */
export abstract class TerminalRunner {
  /** Loads what is needed. Rejects with a WireError when terminals cannot be had here. */
  abstract prepare(): Promise<void>;
  /** Starts at once, after {@link prepare}. Throws when the system refuses. */
  abstract start(request: TerminalRequest): TerminalProcess;
}
