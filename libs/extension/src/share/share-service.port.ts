import type { Session, SessionShare } from '#libs/contract';
import { Port } from '../boot/port.js';

/**
 * Makes sessions readable for others. There is none by default: a host that has one gives it as the
 * `shareService` option.
 * @publicApi
 */
export abstract class ShareService extends Port {
  /** Publishes a session, and what it becomes. Called again for one that is shared already, it gives the same place. */
  abstract share(session: Session): Promise<SessionShare>;
  /** Ends it; nothing when the session is not shared. */
  abstract unshare(session: Session): Promise<void>;
}
