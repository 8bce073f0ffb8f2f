import { cutText } from '../output/limit-output.js';

/** Most matches shown. */
export const LIMIT = 100;
const MAX_LINE_LENGTH = 2000;
const RECORD = /^([^\0]+)\0(\d+):(.*)$/s;

/** The matches of a search, in the order in which they come. */
export class MatchList {
  total = 0;
  /** Some files could not be read. */
  incomplete = false;
  private readonly shown: { path: string; line: string; text: string }[] = [];

  /** Takes one line of ripgrep's output: path, NUL, number, colon, text. Other lines are remarks. */
  add(record: string): void {
    const [, path, line, text] = RECORD.exec(record) ?? [];
    if (path === undefined || line === undefined || text === undefined) return;
    if (this.total++ < LIMIT) this.shown.push({ path, line, text: cutText(text, MAX_LINE_LENGTH, '...') });
  }

  render(): string {
    if (this.total === 0) return 'No files found';
    const hidden = this.total - this.shown.length;
    const lines = [`Found ${this.total} matches${hidden > 0 ? ` (showing first ${LIMIT})` : ''}`];
    let current: string | undefined;
    for (const { path, line, text } of this.shown) {
      if (path !== current) lines.push(...(current === undefined ? [] : ['']), `${path}:`);
      current = path;
      lines.push(`  Line ${line}: ${text}`);
    }
    if (hidden > 0)
      lines.push(
        '',
        `(Results truncated: showing ${LIMIT} of ${this.total} matches (${hidden} hidden). Consider using a more specific path or pattern.)`,
      );
    if (this.incomplete) lines.push('', '(Some paths were inaccessible and skipped)');
    return lines.join('\n');
  }
}
