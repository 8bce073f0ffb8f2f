import { Injectable, Logger } from '@nestjs/common';
import { isDeepStrictEqual } from 'node:util';
import { type FileDiff, type MessageWithParts, type SessionSummary, WireError } from '#libs/contract';
import { EventBus } from '#libs/event';
import { type Instance, InstanceState, KeyedQueue, RecentMap } from '#libs/instance';
import { revertedFrom } from '../revert/revert-point.js';
import { SessionStores } from '../session-stores.js';
import { SessionService } from '../session.service.js';
import { SessionSnapshots } from './session-snapshots.service.js';
import { joinedDiffs, rangeOf, type SnapshotRange, summaryOf } from './snapshot-range.js';

/** Sessions whose first snapshot need not be looked up again. */
const REMEMBERED = 1_000;

/** What a turn has done so far. */
export interface TurnChanges extends SnapshotRange {
  sessionID: string;
  /** The user message of the turn. */
  messageID: string;
}

/**
 * What sessions and their turns changed in the files. Nothing of a session is stored but the sums: the diff is made
 * from the snapshots when somebody asks. Of a turn it is kept on its user message.
 */
@Injectable()
export class DiffService {
  private readonly log = new Logger(DiffService.name);
  private readonly updates = new KeyedQueue();
  /** First snapshot of the sessions that worked in the instance. */
  private readonly starts = new InstanceState(() => new RecentMap<string, string>(REMEMBERED));

  constructor(
    private readonly sessions: SessionService,
    private readonly stores: SessionStores,
    private readonly snapshots: SessionSnapshots,
    private readonly bus: EventBus,
  ) {}

  /** What the session changed; while a part of it is taken back, what that part had changed. */
  async ofSession(instance: Instance, sessionID: string): Promise<FileDiff[]> {
    const session = await this.sessions.get(sessionID);
    const messages = await this.stores.messages.list(sessionID);
    const changed = session.revert ? revertedFrom(messages, session.revert) : messages;
    const { from, to } = rangeOf(changed);
    const diff = await this.snapshots.diff(instance, from, to);
    // snapshots are not kept for ever
    return diff.length === 0 && from !== to ? joinedDiffs(changed) : diff;
  }

  ofMessages(instance: Instance, messages: readonly MessageWithParts[]): Promise<FileDiff[]> {
    const { from, to } = rangeOf(messages);
    return this.snapshots.diff(instance, from, to);
  }

  /** Brings the sums of the session, and what its turn changed, up to date in the background. One after the other. */
  update(instance: Instance, turn: TurnChanges): void {
    const { sessionID } = turn;
    const update = this.updates.run(sessionID, () => this.compute(instance, turn));
    update.catch((error: unknown) => {
      // a session may be deleted meanwhile
      if (instance.signal.aborted || (WireError.is(error) && error.status === 404)) return;
      this.log.warn(`No summary of ${sessionID}: ${String(error)}`);
    });
  }

  /** Resolves when everything begun so far is published. */
  settled(sessionID: string): Promise<void> {
    return this.updates.settled(sessionID);
  }

  /** What was known of a session holds no longer: messages were removed. */
  forget(instance: Instance, sessionID: string): void {
    this.starts.find(instance)?.delete(sessionID);
  }

  /** Tells clients the diff, and returns its sums. */
  tell(instance: Instance, sessionID: string, diff: FileDiff[]): SessionSummary {
    this.bus.publish(instance, 'session.diff', { sessionID, diff });
    return summaryOf(diff);
  }

  private async compute(instance: Instance, { sessionID, messageID, from, to }: TurnChanges): Promise<void> {
    const session = await this.sessions.get(sessionID);
    // a turn that has changed nothing yet leaves the sums as they are
    if (to !== undefined || !session.summary) {
      const diff = await this.diffUntil(instance, sessionID, { from, to });
      const summary = this.tell(instance, sessionID, diff);
      if (!isDeepStrictEqual(session.summary, summary))
        await this.sessions.modify(instance, sessionID, (stored) => ({ ...stored, summary }));
    }
    await this.keep(instance, messageID, await this.snapshots.diff(instance, from, to));
  }

  private async diffUntil(instance: Instance, sessionID: string, turn: SnapshotRange): Promise<FileDiff[]> {
    const starts = this.starts.get(instance);
    let from = starts.get(sessionID);
    if (from === undefined || turn.to === undefined) {
      const range = rangeOf(await this.stores.messages.list(sessionID));
      from = range.from ?? turn.from;
      turn = { to: range.to, ...turn };
      if (from !== undefined) starts.set(sessionID, from);
    }
    return this.snapshots.diff(instance, from, turn.to);
  }

  private async keep(instance: Instance, messageID: string, diffs: FileDiff[]): Promise<void> {
    const message = await this.stores.messages.find(messageID);
    if (message?.info.role !== 'user' || isDeepStrictEqual(message.info.summary?.diffs, diffs)) return;
    const info = { ...message.info, summary: { ...message.info.summary, diffs } };
    await this.stores.messages.saveMessage(info);
    this.bus.publish(instance, 'message.updated', { info });
  }
}
