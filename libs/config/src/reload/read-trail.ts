import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';

/** The files and folders that something was made of, those that were looked for in vain included. */
export class ReadTrail {
  private readonly seen = new Map<string, string>();

  /** To be called before a file is read or a folder listed: a change in between must not go unnoticed. */
  async note(path: string): Promise<void> {
    if (!this.seen.has(path)) this.seen.set(path, await currentSignature(path));
  }

  /** The same for a file that was read already. @param signature what it was before */
  noteRead(path: string, signature: string): void {
    if (!this.seen.has(path)) this.seen.set(path, signature);
  }

  /** Whether one of them is no longer what it was. */
  async changed(): Promise<boolean> {
    const same = await Promise.all(
      [...this.seen].map(async ([path, before]) => (await currentSignature(path)) === before),
    );
    return same.includes(false);
  }

  /** The same files and folders as they are now. */
  async renewed(): Promise<ReadTrail> {
    const trail = new ReadTrail();
    await Promise.all([...this.seen.keys()].map((path) => trail.note(path)));
    return trail;
  }
}

/** Tells two states of a file apart. Of a folder it changes when something in it comes or goes. */
export function signatureOf({ mtimeMs, size, ino }: Stats): string {
  return `${mtimeMs} ${size} ${ino}`;
}

async function currentSignature(path: string): Promise<string> {
  try {
    return signatureOf(await stat(path));
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}
