import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { languageId } from './language-id.js';

/** Files open at one server at a time; past it the one that was touched longest ago is closed. */
const MAX_OPEN = 256;
/** Bytes of a file that is shown to servers. */
const MAX_SIZE = 4 * 1024 * 1024;

/** A change of a file as the protocol counts: 1 made, 2 changed, 3 deleted. */
export interface Change {
  path: string;
  type: 1 | 2 | 3;
}

interface OpenDocument {
  version: number;
  hash: string;
  /** Of the file when it was read: another one tells of a change. */
  stamp: string;
  /** The server has said what it thinks of this version. */
  settled: boolean;
  /** How much the server had been told when it was asked about the file. */
  askedAt: number;
}

/** What became of a touch: what the server was told, or that it knew; undefined when there is no text to tell about. */
export type SyncOutcome = 'opened' | 'changed' | 'known' | undefined;

/** The files that one server was shown, each as it was last read. */
export class OpenDocuments {
  private readonly documents = new Map<string, OpenDocument>();
  private readonly queues = new Map<string, Promise<SyncOutcome>>();
  /** Grows with everything the server is told. */
  private told = 1;

  /** @param evict gets the paths of files that were closed only because many others are open */
  constructor(
    private readonly notify: (method: string, params: unknown) => void,
    private readonly evict: (path: string) => void,
  ) {}

  has(path: string): boolean {
    return this.documents.has(path);
  }

  /** Paths of files that are open, at most so many: those that were touched last. */
  latest(count: number): string[] {
    return [...this.documents.keys()].slice(-count);
  }

  /** Paths of open files that are not on disk as they were read, or not there any more. */
  async outdated(): Promise<string[]> {
    const paths = [...this.documents].map(async ([path, { stamp }]) => {
      const stats = await statOf(path);
      return stats && stampOf(stats) === stamp ? [] : [path];
    });
    return (await Promise.all(paths)).flat();
  }

  /** Of the text the server was shown last; undefined when the file is not open. */
  version(path: string): number | undefined {
    return this.documents.get(path)?.version;
  }

  isSettled(path: string): boolean {
    return this.documents.get(path)?.settled ?? false;
  }

  settle(path: string): void {
    const document = this.documents.get(path);
    if (document) document.settled = true;
  }

  /** The server is asked about a file, with what it knows now. */
  asked(path: string): void {
    const document = this.documents.get(path);
    if (document) document.askedAt = this.told;
  }

  /** Whether the server was told of something since it was asked about a file. */
  isStale(path: string): boolean {
    return (this.documents.get(path)?.askedAt ?? this.told) < this.told;
  }

  /** The server was told of changes of other files. */
  outdate(): void {
    this.told++;
  }

  /** Reads a file and tells the server what is new; one after the other for each file. */
  sync(path: string): Promise<SyncOutcome> {
    const turn = (this.queues.get(path) ?? Promise.resolve()).then(() => this.tell(path));
    this.queues.set(path, turn);
    void turn.finally(() => this.queues.get(path) === turn && this.queues.delete(path));
    return turn;
  }

  private async tell(path: string): Promise<SyncOutcome> {
    const read = await textOf(path);
    if (!read) {
      this.close(path, (await statOf(path)) === undefined);
      return undefined;
    }
    const { text, stamp } = read;
    const hash = createHash('sha1').update(text).digest('base64');
    const known = this.documents.get(path);
    const uri = pathToFileURL(path).href;
    if (known?.hash === hash) {
      this.remember(path, { ...known, stamp });
      return 'known';
    }
    const version = known ? known.version + 1 : 0;
    this.remember(path, { version, hash, stamp, settled: false, askedAt: 0 });
    this.outdate();
    this.notify('workspace/didChangeWatchedFiles', { changes: [{ uri, type: known ? 2 : 1 }] });
    if (known) this.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ text }] });
    else this.notify('textDocument/didOpen', { textDocument: { uri, languageId: languageId(path), version, text } });
    return known ? 'changed' : 'opened';
  }

  private remember(path: string, document: OpenDocument): void {
    this.documents.delete(path);
    this.documents.set(path, document);
    const [oldest] = this.documents.keys();
    if (this.documents.size <= MAX_OPEN || oldest === undefined) return;
    this.close(oldest, false);
    this.evict(oldest);
  }

  private close(path: string, deleted: boolean): void {
    if (!this.documents.delete(path)) return;
    const uri = pathToFileURL(path).href;
    this.notify('textDocument/didClose', { textDocument: { uri } });
    if (!deleted) return;
    this.notify('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 3 }] });
    this.outdate();
  }
}

/** What is shown of a file, and its stamp; undefined when it is gone, or not to be read. */
async function textOf(path: string): Promise<{ text: string; stamp: string } | undefined> {
  const stats = await statOf(path);
  if (!stats?.isFile() || stats.size > MAX_SIZE) return undefined;
  const text = await readFile(path, 'utf8').catch(() => undefined);
  // no editor shows binary files, nor a byte order mark
  if (text === undefined || text.includes('\0')) return undefined;
  return { text: text.replace(/^\uFEFF/, ''), stamp: stampOf(stats) };
}

const statOf = (path: string) => stat(path).catch(() => undefined);

const stampOf = ({ mtimeMs, size, ino }: Stats) => `${mtimeMs} ${size} ${ino}`;
