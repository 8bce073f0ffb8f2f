import type { Session } from '#libs/contract';
import { Port } from '../boot/port.js';

/** All filters are optional and combined with AND. */
export interface SessionQuery {
  projectID?: string;
  /** Exactly this directory. */
  directory?: string;
  parentID?: string;
  /** Only sessions without a parent. */
  roots?: boolean;
  /** Milliseconds since the epoch: `time.updated` is this or later. */
  start?: number;
  /** Case-insensitive substring of the title. */
  search?: string;
  /** At most this many; absent = all. */
  limit?: number;
}

/**
 * Keeps sessions. What a resolved promise acknowledges survives the death of the process.
 * @publicApi
 */
export abstract class SessionStore extends Port {
  /** Rejects with {@link DuplicateIdError} when the id exists. */
  abstract insert(session: Session): Promise<void>;
  abstract find(id: string): Promise<Session | undefined>;
  /** Newest `time.updated` first, ties by id. */
  abstract list(query: SessionQuery): Promise<Session[]>;
  /**
   * Stores what `change` makes of a session, which keeps its id, and resolves to that; undefined when it is not there
   * (any more). Nothing that others, in this process or another, store at the same time is lost: `change` sees what is
   * stored at that moment. It may be called more than once.
   */
  abstract update(id: string, change: (stored: Session) => Session): Promise<Session | undefined>;
  /** Removes the session with its messages, parts and todos; false when it was not there. */
  abstract remove(id: string): Promise<boolean>;
}
