import { Injectable, Optional } from '@nestjs/common';
import { ConflictError } from '#libs/contract';
import { type RunClaim, RunClaimStore } from '#libs/extension';
import { KeyedQueue } from '#libs/instance';

/** Milliseconds between two looks whether others want work to end. */
const LOOK_INTERVAL = 500;
/** Milliseconds to wait until another server has ended its work. */
const END_WAIT = 3_000;

/**
 * The sessions that this server works on, so that no other server over the same data does, nor takes what is being
 * written for the remains of a crash. A session may be held several times; it is free when all holds are given back.
 */
@Injectable()
export class SessionClaims {
  private readonly holds = new Map<string, number>();
  /** The store hears of one session in the order of what happened. */
  private readonly telling = new KeyedQueue();
  private looking: NodeJS.Timeout | undefined;
  private end: (sessionID: string) => void = () => undefined;

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

  /** @param end told of each session whose work another server wants to end */
  onAskedToEnd(end: (sessionID: string) => void): void {
    this.end = end;
  }

  /** Sessions that other servers work on. */
  async listOthers(): Promise<string[]> {
    return (await this.store?.listOthers()) ?? [];
  }

  /** Makes the other server that works on a session end that. Resolves when it has, or takes too long. */
  async endElsewhere(sessionID: string): Promise<void> {
    if (!(await this.store?.askToEnd(sessionID))) return;
    for (let waited = 0; waited < END_WAIT; waited += LOOK_INTERVAL / 5) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_INTERVAL / 5));
      if ((await this.find(sessionID)) !== 'other') return;
    }
  }

  /** One more hold of a session that is held; returns the end of it. */
  hold(sessionID: string): () => void {
    this.lookOut();
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

  /** Listens to other servers while there is something that they could want to end. */
  private lookOut(): void {
    const { store } = this;
    if (store) this.looking ??= setInterval(() => void this.look(store), LOOK_INTERVAL).unref();
  }

  private async look(store: RunClaimStore): Promise<void> {
    // a store that fails now fails the work as well, which says so
    for (const sessionID of await store.takeAskedToEnd().catch(() => [])) this.end(sessionID);
  }

  private release(sessionID: string): void {
    const left = (this.holds.get(sessionID) ?? 0) - 1;
    if (left > 0) return void this.holds.set(sessionID, left);
    this.holds.delete(sessionID);
    if (this.holds.size === 0) {
      clearInterval(this.looking);
      this.looking = undefined;
    }
    const told = this.telling.run(sessionID, async () => {
      // somebody may have come meanwhile
      if (!this.holds.has(sessionID)) await this.store?.release(sessionID);
    });
    // the store may be closed by now; the claim of a server that is gone counts for nothing
    told.catch(() => undefined);
  }
}
