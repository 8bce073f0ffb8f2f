import { createHash, randomUUID } from 'node:crypto';
import { open, readFile, realpath, rename, rm } from 'node:fs/promises';
import { KeyedQueue } from '#libs/instance';
import { withFileLock } from '../lock/file-lock.js';

/** Only the user may read it. */
const PRIVATE = 0o600;

/**
 * A JSON object in a file that only its owner may read. Written whole into a new file that takes the place of the old
 * one, so that a reader sees the old content or the new, also after a crash. Changes are made one after the other, also
 * those of other processes, each on what the one before it wrote. What is no JSON object is kept beside it, as `.broken`.
 */
export class PrivateJsonFile {
  /** Within this process, where nobody has to look again and again. */
  private readonly queue = new KeyedQueue();

  /** @param path absolute; the file and its directory are made when something is first written */
  constructor(private readonly path: string) {}

  /** The text of the file; empty when there is none. */
  async text(): Promise<string> {
    try {
      return await readFile(this.path, 'utf8');
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return '';
      throw error;
    }
  }

  /** Writes what `next` makes of the text of the file (undefined = nothing is to change); returns what was written. */
  change(next: (text: string) => object | undefined): Promise<string | undefined> {
    return this.locked(`${this.path}.lock`, async () => {
      const before = await this.text();
      const value = next(before);
      if (!value) return undefined;
      const text = JSON.stringify(value, null, 2);
      // the target of a link is replaced, not the link
      const target = await realpath(this.path).catch(() => this.path);
      // a slip in an edit by hand: what it broke can be mended
      if (before.trim() !== '' && !parsed(before)) await replace(`${target}.broken`, before);
      await replace(target, text);
      return text;
    });
  }

  /** Works while nobody else, in this process or another, does so for the same entry. Others may change the file. */
  alone<T>(entry: string, work: () => Promise<T>): Promise<T> {
    const hash = createHash('sha256').update(entry).digest('hex').slice(0, 16);
    return this.locked(`${this.path}.${hash}.lock`, work);
  }

  private locked<T>(lock: string, work: () => Promise<T>): Promise<T> {
    return this.queue.run(lock, () => withFileLock(lock, work));
  }
}

/** The object a text holds; an empty one when it holds none. */
export function jsonObject(text: string): Record<string, unknown> {
  return parsed(text) ?? {};
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

async function replace(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const handle = await open(temporary, 'wx', PRIVATE);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
