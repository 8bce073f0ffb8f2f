import { Port } from '../boot/port.js';

/** Who works on a session: nobody, this server, another one, or one that is gone and left its work unfinished. @publicApi */
export type RunClaim = 'none' | 'own' | 'other' | 'lost';

/**
 * Knows which of the servers over the same data works on which session, and carries the wish to end that to them. It has to notice by itself when a server is
 * gone, however that ended: by a lock that its process held, a connection that broke, a heartbeat that stopped.
 * A storage module that several servers may use at once exports it; without one, a server takes itself for the only one.
 * @publicApi
 */
export abstract class RunClaimStore extends Port {
  /**
   * Takes a session for this server, also over from one that is gone; false when another live one has it. Of a session
   * that was removed there is nothing to take, which is no failure.
   */
  abstract claim(sessionID: string): Promise<boolean>;
  /** Gives an own claim back; nothing when it is not own. */
  abstract release(sessionID: string): Promise<void>;
  abstract find(sessionID: string): Promise<RunClaim>;
  /** Sessions that other live servers work on. */
  abstract listOthers(): Promise<string[]>;
  /** Asks the other live server that works on a session to end that; false when there is none. */
  abstract askToEnd(sessionID: string): Promise<boolean>;
  /** Own sessions whose work others asked to end since the last call. Called about twice a second while there are some. */
  abstract takeAskedToEnd(): Promise<string[]>;
}
