import { Injectable } from '@nestjs/common';
import type { SessionStatus } from '#libs/contract';
import { type Instance, KeyedQueue } from '#libs/instance';
import { SessionClaims } from './session-claims.service.js';

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

/**
 * The runs that are alive, by session: a session has at most one, whatever directory a request names, and whichever of
 * the servers over the same data does the work.
 */
@Injectable()
export class RunRegistry {
  /** What may begin work of a session, or removes it: one after the other. */
  readonly entering = new KeyedQueue();
  private readonly runs = new Map<string, LiveRun>();
  /** Sessions that work for another one, by that one. */
  private readonly children = new Map<string, Set<string>>();

  constructor(private readonly claims: SessionClaims) {
    claims.onAskedToEnd((sessionID) => void this.abort(sessionID));
  }

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

  /** Notes that a session works for another one; returns the end of it. */
  adopt(parentID: string, childID: string): () => void {
    const children = this.children.get(parentID) ?? new Set();
    this.children.set(parentID, children.add(childID));
    return () => {
      children.delete(childID);
      if (children.size === 0 && this.children.get(parentID) === children) this.children.delete(parentID);
    };
  }

  /** Sessions that other servers work on. */
  listElsewhere(): Promise<string[]> {
    return this.claims.listOthers();
  }

  /** Ends a run and those that work for it, these first; also one of another server. */
  async abort(sessionID: string): Promise<void> {
    const below = [...(this.children.get(sessionID) ?? [])].map((childID) => this.abort(childID));
    // all are told before any is waited for: a parent must not go on with what its child had time to say
    const run = this.runs.get(sessionID);
    await Promise.all([...below, run ? run.abort() : this.claims.endElsewhere(sessionID)]);
  }

  async flush(sessionID: string): Promise<void> {
    await this.runs.get(sessionID)?.flush();
  }
}
