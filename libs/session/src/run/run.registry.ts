import { Injectable } from '@nestjs/common';
import type { SessionStatus } from '#libs/contract';
import type { Instance } from '#libs/instance';

/** A session that is working. */
export interface LiveRun {
  readonly sessionID: string;
  readonly instance: Instance;
  readonly status: SessionStatus;
  /** Ends the work; resolves when the messages are complete. */
  abort(): Promise<void>;
  /** Brings what is in memory to the store. */
  flush(): Promise<void>;
}

/** The runs that are alive, by session: a session has at most one, whatever directory a request names. */
@Injectable()
export class RunRegistry {
  private readonly runs = new Map<string, LiveRun>();

  get(sessionID: string): LiveRun | undefined {
    return this.runs.get(sessionID);
  }

  list(): LiveRun[] {
    return [...this.runs.values()];
  }

  add(run: LiveRun): void {
    this.runs.set(run.sessionID, run);
  }

  remove(run: LiveRun): void {
    if (this.runs.get(run.sessionID) === run) this.runs.delete(run.sessionID);
  }

  async abort(sessionID: string): Promise<void> {
    await this.runs.get(sessionID)?.abort();
  }

  async flush(sessionID: string): Promise<void> {
    await this.runs.get(sessionID)?.flush();
  }
}
