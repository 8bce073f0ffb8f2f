import { Injectable, Optional } from '@nestjs/common';
import { ConflictError } from '#libs/contract';
import { type RunClaim, RunClaimStore } from '#libs/extension';
import { KeyedQueue } from '../keyed-queue.js';

/**
 * The sessions that this server works on, so that no other server over the same data does, nor takes what is being
 * written for the remains of a crash. A session may be held several times; it is free when all holds are given back.
 */
@Injectable()
export class SessionClaims {
  private readonly holds = new Map<string, number>();
  /** The store hears of one session in the order of what happened. */
  private readonly telling = new KeyedQueue();

  constructor(@Optional() private readonly store?: RunClaimStore) {}

  /** Resolves to the end of the hold. Rejects with a ConflictError while another server works on the session. */
  async take(sessionID: string): Promise<() => void> {
    const release = await this.tryTake(sessionID);
    if (release) return release;
    throw new ConflictError(
      `Another server over the same data is working on ${sessionID}: use that one, or wait until it is done`,
    );
  }

  /** The same, with nothing while another server works on the session. */
  async tryTake(sessionID: string): Promise<(() => void) | undefined> {
    const release = this.hold(sessionID);
    try {
      const taken = await this.telling.run(sessionID, async () => (await this.store?.claim(sessionID)) ?? true);
      if (taken) return release;
    } catch (error) {
      release();
      throw error;
    }
    release();
    return undefined;
  }

  /** One more hold of a session that is held; returns the end of it. */
  hold(sessionID: string): () => void {
    this.holds.set(sessionID, (this.holds.get(sessionID) ?? 0) + 1);
    let held = true;
    return () => {
      if (held) this.release(sessionID);
      held = false;
    };
  }

  async find(sessionID: string): Promise<RunClaim> {
    if (this.holds.has(sessionID)) return 'own';
    return (await this.store?.find(sessionID)) ?? 'none';
  }

  private release(sessionID: string): void {
    const left = (this.holds.get(sessionID) ?? 0) - 1;
    if (left > 0) return void this.holds.set(sessionID, left);
    this.holds.delete(sessionID);
    const told = this.telling.run(sessionID, async () => {
      // somebody may have come meanwhile
      if (!this.holds.has(sessionID)) await this.store?.release(sessionID);
    });
    // the store may be closed by now; the claim of a server that is gone counts for nothing
    told.catch(() => undefined);
  }
}
