import { type RunClaim, RunClaimStore } from '#libs/extension';
import type { ServerLock } from './server-lock.js';
import type { SqliteConnection } from './sqlite-connection.js';

/** Claims in SQLite, each with the name of its server, whose lock says whether it is alive. */
export class SqliteRunClaimStore extends RunClaimStore {
  constructor(
    private readonly connection: SqliteConnection,
    private readonly lock: ServerLock,
  ) {
    super();
  }

  async claim(sessionID: string): Promise<boolean> {
    const own = this.lock.id();
    return this.connection.transaction(() => {
      const owner = this.owner(sessionID);
      if (owner === own) return true;
      if (owner !== undefined && this.lock.isAlive(owner)) return false;
      this.connection.statement('INSERT OR REPLACE INTO run (session_id, owner) VALUES (?, ?)').run(sessionID, own);
      return true;
    });
  }

  async release(sessionID: string): Promise<void> {
    this.connection.statement('DELETE FROM run WHERE session_id = ? AND owner = ?').run(sessionID, this.lock.id());
  }

  async find(sessionID: string): Promise<RunClaim> {
    const owner = this.owner(sessionID);
    if (owner === undefined) return 'none';
    if (owner === this.lock.id()) return 'own';
    return this.lock.isAlive(owner) ? 'other' : 'lost';
  }

  private owner(sessionID: string): string | undefined {
    const row = this.connection.statement('SELECT owner FROM run WHERE session_id = ?').get(sessionID);
    return row && String(row['owner']);
  }
}
