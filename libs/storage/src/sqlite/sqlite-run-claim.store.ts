import { type RunClaim, RunClaimStore } from '#libs/extension';
import type { ServerLock } from './server-lock.js';
import type { SqliteConnection } from './sqlite-connection.js';

/** A session that was removed meanwhile has none. */
const CLAIM = `
  INSERT OR REPLACE INTO run (session_id, owner) SELECT ?1, ?2 WHERE EXISTS (SELECT 1 FROM session WHERE id = ?1)`;

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
      this.connection.statement(CLAIM).run(sessionID, own);
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

  async listOthers(): Promise<string[]> {
    const rows = this.connection.statement('SELECT session_id, owner FROM run').all();
    const alive = new Map<string, boolean>();
    return rows.flatMap(({ session_id: sessionID, owner: name }) => {
      const owner = String(name);
      if (!alive.has(owner)) alive.set(owner, owner !== this.lock.id() && this.lock.isAlive(owner));
      return alive.get(owner) ? [String(sessionID)] : [];
    });
  }

  async askToEnd(sessionID: string): Promise<boolean> {
    const owner = this.owner(sessionID);
    if (owner === undefined || owner === this.lock.id() || !this.lock.isAlive(owner)) return false;
    const sql = 'UPDATE run SET ending = 1 WHERE session_id = ? AND owner = ?';
    return this.connection.statement(sql).run(sessionID, owner).changes > 0;
  }

  async takeAskedToEnd(): Promise<string[]> {
    const own = this.lock.id();
    const asked = this.connection.statement('SELECT session_id FROM run WHERE owner = ? AND ending = 1').all(own);
    // nothing is written while nobody asks
    if (asked.length > 0)
      this.connection.statement('UPDATE run SET ending = 0 WHERE owner = ? AND ending = 1').run(own);
    return asked.map((row) => String(row['session_id']));
  }

  private owner(sessionID: string): string | undefined {
    const row = this.connection.statement('SELECT owner FROM run WHERE session_id = ?').get(sessionID);
    return row && String(row['owner']);
  }
}
