import { Injectable } from '@nestjs/common';
import { type Session, SessionBusyError } from '#libs/contract';
import type { Instance } from '#libs/instance';
import { HistoryRepair } from './history/history-repair.service.js';
import { RevertMarker } from './revert/revert-marker.js';
import { RunRegistry } from './run/run.registry.js';
import { SessionClaims } from './run/session-claims.service.js';
import { SessionService } from './session.service.js';

/**
 * The way in to each session: what changes its conversation from outside comes through here, one after the other.
 * Rejects with NotFoundError when the session does not exist, with ConflictError while another server works on it.
 */
@Injectable()
export class SessionGate {
  constructor(
    private readonly sessions: SessionService,
    private readonly repair: HistoryRepair,
    private readonly marker: RevertMarker,
    private readonly runs: RunRegistry,
    private readonly claims: SessionClaims,
  ) {}

  /** For changes of what is there. Rejects with SessionBusyError while the session works. */
  whenIdle<T>(sessionID: string, work: (session: Session) => Promise<T>): Promise<T> {
    return this.alone(sessionID, async (session) => {
      if (this.runs.get(sessionID)) throw new SessionBusyError(sessionID);
      return work(session);
    });
  }

  /**
   * For everything that adds messages: what was taken back is gone for good before. `work` has to end when its message
   * is stored and its run is registered, not when that is over.
   */
  enter<T>(instance: Instance, sessionID: string, work: () => Promise<T>): Promise<T> {
    return this.alone(sessionID, async (session) => {
      await this.marker.drop(instance, session);
      return work();
    });
  }

  private alone<T>(sessionID: string, work: (session: Session) => Promise<T>): Promise<T> {
    return this.runs.entering.run(sessionID, async () => {
      await this.sessions.get(sessionID);
      await this.repair.once(sessionID);
      const release = await this.claims.take(sessionID);
      try {
        // not before: another server may have changed it until now
        return await work(await this.sessions.get(sessionID));
      } catch (error) {
        // if another server has removed it meanwhile, that is why
        await this.sessions.get(sessionID);
        throw error;
      } finally {
        release();
      }
    });
  }
}
