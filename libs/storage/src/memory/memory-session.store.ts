import type { Session } from '#libs/contract';
import { DuplicateIdError, type SessionQuery, SessionStore } from '#libs/extension';
import { searchable, wholeLimit } from '../session-filter.js';
import { byText, type MemoryTables } from './memory-tables.js';

/** Sessions that end with the process. */
export class MemorySessionStore extends SessionStore {
  constructor(private readonly tables: MemoryTables) {
    super();
  }

  async insert(session: Session): Promise<void> {
    if (this.tables.sessions.has(session.id)) throw new DuplicateIdError(session.id);
    this.tables.sessions.set(session.id, JSON.stringify(session));
  }

  async find(id: string): Promise<Session | undefined> {
    const text = this.tables.sessions.get(id);
    return text === undefined ? undefined : (JSON.parse(text) as Session);
  }

  async list(query: SessionQuery): Promise<Session[]> {
    return [...this.tables.sessions.values()]
      .map((text) => JSON.parse(text) as Session)
      .filter((session) => matches(session, query))
      .sort((a, b) => b.time.updated - a.time.updated || byText(a.id, b.id))
      .slice(0, wholeLimit(query.limit));
  }

  async update(id: string, change: (stored: Session) => Session): Promise<Session | undefined> {
    const text = this.tables.sessions.get(id);
    if (text === undefined) return undefined;
    const session = change(JSON.parse(text) as Session);
    this.tables.sessions.set(id, JSON.stringify(session));
    return session;
  }

  async remove(id: string): Promise<boolean> {
    return this.tables.removeSession(id);
  }
}

function matches(session: Session, query: SessionQuery): boolean {
  if (query.projectID !== undefined && session.projectID !== query.projectID) return false;
  if (query.directory !== undefined && session.directory !== query.directory) return false;
  if (query.parentID !== undefined && session.parentID !== query.parentID) return false;
  if (query.roots && session.parentID !== undefined) return false;
  if (query.start !== undefined && session.time.updated < query.start) return false;
  return !query.search || searchable(session.title).includes(searchable(query.search));
}
