import { randomUUID } from 'node:crypto';
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const SUFFIX = '.lock';
/** Milliseconds in which a lock file may have been made and not locked yet. */
const YOUNG = 60_000;

/**
 * Tells other servers over the same files that this one is alive: a file that it holds locked, and that nobody else
 * has to unlock. The lock is one of SQLite, which the system takes away when the process ends, however that happens.
 * @internal
 */
export class ServerLock {
  private held: { id: string; database: DatabaseSync } | undefined;

  /** @param folder where the servers keep their locks; made when the first one is taken */
  constructor(private readonly folder: string) {}

  /** Name of this server, which holds its lock from the first call on. */
  id(): string {
    return (this.held ??= this.take()).id;
  }

  isAlive(id: string): boolean {
    return id === this.held?.id || isLocked(this.file(id));
  }

  /** Idempotent. From then on this server counts as gone. */
  close(): void {
    if (!this.held) return;
    const { id, database } = this.held;
    this.held = undefined;
    database.close();
    rmSync(this.file(id), { force: true });
  }

  private take(): { id: string; database: DatabaseSync } {
    if (!existsSync(this.folder)) {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      chmodSync(this.folder, 0o700);
    }
    this.sweep();
    const id = randomUUID();
    const file = this.file(id);
    closeSync(openSync(file, 'wx', 0o600));
    const database = new DatabaseSync(file);
    // nothing is ever written: the file stays empty and needs no journal
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return { id, database };
  }

  /** Removes what servers that were killed have left. */
  private sweep(): void {
    for (const name of readdirSync(this.folder)) {
      if (!name.endsWith(SUFFIX)) continue;
      const file = join(this.folder, name);
      const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (age > YOUNG && !isLocked(file)) rmSync(file, { force: true });
    }
  }

  private file(id: string): string {
    return join(this.folder, `${id}${SUFFIX}`);
  }
}

function isLocked(file: string): boolean {
  if (!existsSync(file)) return false;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly: true, timeout: 0 });
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    return false;
  } catch (error) {
    return /locked|busy/i.test((error as Error).message);
  } finally {
    database?.close();
  }
}
