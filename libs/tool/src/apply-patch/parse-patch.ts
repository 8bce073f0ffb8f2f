/** Lines and what takes their place. */
export interface LineChange {
  /** Lines that are there: those that stay and those that go. */
  before: string[];
  after: string[];
}

/** One place of a file that a patch changes. */
export interface PatchChunk extends LineChange {
  /** A line above the place, which tells it from others. */
  context?: string;
  /** The same without the lines that are empty in the patch: they may be empty lines of the file, or mean nothing. */
  dense?: LineChange;
  /** The lines are the last ones of the file. */
  atEnd: boolean;
}

/** What a patch does to one file; paths as the model wrote them. */
export type PatchSection =
  | { type: 'add'; path: string; text: string }
  | { type: 'delete'; path: string }
  | { type: 'update'; path: string; target?: string; chunks: PatchChunk[] };

const BEGIN = '*** Begin Patch';
const END = '*** End Patch';
const END_OF_FILE = '*** End of File';
const ADD = '*** Add File:';
const DELETE = '*** Delete File:';
const UPDATE = '*** Update File:';
const MOVE = '*** Move to:';

/**
 * Reads the envelope that models for patches write. What stands around it, such as a here-document, and lines that mean
 * nothing are passed over.
 * @throws Error when the envelope is missing
 */
export function parsePatch(text: string): PatchSection[] {
  const lines = text.split(/\r?\n/);
  const first = lines.findIndex((line) => line.trim() === BEGIN);
  const last = lines.findIndex((line) => line.trim() === END);
  if (first < 0 || last < first) throw new Error('Invalid patch format: missing Begin/End markers');
  const reader = new SectionReader(lines.slice(first + 1, last));
  const sections: PatchSection[] = [];
  while (reader.more) {
    const section = reader.section();
    if (section) sections.push(section);
  }
  return sections;
}

/** Whether a patch is an envelope around nothing. */
export function isEmptyPatch(text: string): boolean {
  return text.replaceAll('\r', '').trim() === `${BEGIN}\n${END}`;
}

class SectionReader {
  private at = 0;

  constructor(private readonly lines: readonly string[]) {}

  get more(): boolean {
    return this.at < this.lines.length;
  }

  /** The section that begins here; undefined when none does, and the line is passed over. */
  section(): PatchSection | undefined {
    const line = this.take();
    const added = valueOf(line, ADD);
    if (added !== undefined) return { type: 'add', path: added, text: this.addedText() };
    const deleted = valueOf(line, DELETE);
    if (deleted !== undefined) return { type: 'delete', path: deleted };
    const updated = valueOf(line, UPDATE);
    if (updated === undefined) return undefined;
    const target = valueOf(this.peek(), MOVE);
    if (target !== undefined) this.at++;
    return { type: 'update', path: updated, ...(target !== undefined && { target }), chunks: this.chunks() };
  }

  private addedText(): string {
    const lines: string[] = [];
    while (this.more && !this.peek().startsWith('***')) {
      const line = this.take();
      if (line.startsWith('+')) lines.push(`${line.slice(1)}\n`);
    }
    return lines.join('');
  }

  private chunks(): PatchChunk[] {
    const chunks: PatchChunk[] = [];
    let writer: ChunkWriter | undefined;
    const open = (context?: string): ChunkWriter => {
      writer = new ChunkWriter(context);
      chunks.push(writer.chunk);
      return writer;
    };
    while (this.more) {
      const line = this.peek();
      if (line.startsWith(END_OF_FILE)) {
        if (writer) writer.chunk.atEnd = true;
      } else if (line.startsWith('***')) break;
      else if (line.startsWith('@@')) open(line.slice(2).trim());
      else if (line === '') writer?.blank();
      // the first place may do without a header
      else if (/^[ +-]/.test(line)) (writer ?? open()).add(line);
      this.at++;
    }
    return chunks;
  }

  private peek(): string {
    return this.lines[this.at] ?? '';
  }

  private take(): string {
    return this.lines[this.at++] ?? '';
  }
}

/** Collects the lines of one place. */
class ChunkWriter {
  readonly chunk: PatchChunk;
  /** Empty lines that count when another line follows. */
  private blanks = 0;

  constructor(context = '') {
    this.chunk = { ...(context !== '' && { context }), before: [], after: [], atEnd: false };
  }

  blank(): void {
    if (this.chunk.before.length + this.chunk.after.length > 0) this.blanks++;
  }

  add(line: string): void {
    const { chunk } = this;
    if (this.blanks > 0) chunk.dense ??= { before: [...chunk.before], after: [...chunk.after] };
    for (; this.blanks > 0; this.blanks--) addLine(chunk, ' ');
    addLine(chunk, line);
    if (chunk.dense) addLine(chunk.dense, line);
  }
}

function addLine({ before, after }: LineChange, line: string): void {
  if (!line.startsWith('+')) before.push(line.slice(1));
  if (!line.startsWith('-')) after.push(line.slice(1));
}

function valueOf(line: string, keyword: string): string | undefined {
  return line.startsWith(keyword) ? line.slice(keyword.length).trim() || undefined : undefined;
}
