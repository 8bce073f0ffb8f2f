import { logText } from '#libs/contract';

/** Lines that are passed on within a window; a server that writes more is noise. */
const MAX_LINES = 100;
/** Milliseconds. */
const WINDOW = 10_000;
/** Characters of an unfinished line that are kept. */
const MAX_LINE = 4_000;

export interface ServerLogOptions {
  write(line: string): void;
  now(): number;
  /** Values that must not be seen. */
  secrets: readonly string[];
}

/** Passes on what a server writes to its standard error: line by line, without secrets, and not more than is useful. */
export class ServerLog {
  private rest = '';
  private window = 0;
  private lines = 0;
  private left = 0;

  constructor(private readonly options: ServerLogOptions) {}

  push(text: string): void {
    const lines = text.split('\n');
    lines[0] = this.rest + (lines[0] ?? '');
    this.rest = (lines.pop() ?? '').slice(-MAX_LINE);
    for (const line of lines) this.line(line);
  }

  private line(line: string): void {
    if (line.trim() === '') return;
    const now = this.options.now();
    if (now - this.window >= WINDOW) {
      if (this.left > 0) this.options.write(`(${this.left} lines left out)`);
      this.window = now;
      this.lines = 0;
      this.left = 0;
    }
    if (++this.lines > MAX_LINES) this.left++;
    else this.options.write(logText(withoutSecrets(line.slice(0, MAX_LINE), this.options.secrets)));
  }
}

/** Shorter values occur by chance. */
const MIN_SECRET = 6;

/** A text without the values that are secret. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= MIN_SECRET)
    .reduce((result, secret) => result.replaceAll(secret, '[redacted]'), text);
}
