import { Injectable } from '@nestjs/common';
import { Clock, MessageStore } from '#libs/extension';
import { endInterrupted } from './interrupted.js';

/** Newest messages that are looked at: an answer that was cut off has at most the prompts of its queue behind it. */
const LOOK_AT = 64;

/**
 * Ends what an earlier process left unfinished when it died: answers without an end, calls that never came back.
 * Done when a session is first used, so that a start does not read the histories of all sessions; without events,
 * because whoever could hear them has not read anything yet.
 */
@Injectable()
export class HistoryRepair {
  /** What was begun later than this is being written by this process. */
  private readonly started: number;
  private readonly done = new Map<string, Promise<void>>();

  constructor(
    private readonly messages: MessageStore,
    private readonly clock: Clock,
  ) {
    this.started = clock.now();
  }

  /** Resolves when the history of the session may be read. Free after the first time. */
  once(sessionID: string): Promise<void> {
    const known = this.done.get(sessionID);
    if (known) return known;
    const work = this.repair(sessionID);
    this.done.set(sessionID, work);
    // another attempt next time
    work.catch(() => this.done.delete(sessionID));
    return work;
  }

  private async repair(sessionID: string): Promise<void> {
    for (const message of await this.messages.list(sessionID, { limit: LOOK_AT })) {
      if (message.info.time.created >= this.started) continue;
      const { info, parts } = endInterrupted(message, this.clock.now());
      const changed = parts.filter((part, index) => part !== message.parts[index]);
      for (const part of changed) await this.messages.savePart(part);
      if (info !== message.info) await this.messages.saveMessage(info);
    }
  }
}
