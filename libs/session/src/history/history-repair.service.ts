import { Injectable } from '@nestjs/common';
import type { MessageWithParts } from '#libs/contract';
import { Clock, MessageStore } from '#libs/extension';
import { KeyedQueue, RecentMap } from '#libs/instance';
import { SessionClaims } from '../run/session-claims.service.js';
import { endInterrupted } from './interrupted.js';

/** Newest messages that are looked at: an answer that was cut off has at most the prompts of its queue behind it. */
const LOOK_AT = 64;
/** Sessions that need not be looked at again. */
const REMEMBERED = 10_000;

/**
 * Ends what a server left unfinished when it died: answers without an end, calls that never came back. Done when a
 * session is used, so that a start does not read the histories of all sessions; without events, because those who
 * could hear them hear nothing of other servers anyway. What a live server is writing is left alone.
 */
@Injectable()
export class HistoryRepair {
  private readonly queue = new KeyedQueue();
  /** Sessions that were found whole once. */
  private readonly whole = new RecentMap<string, true>(REMEMBERED);

  constructor(
    private readonly messages: MessageStore,
    private readonly claims: SessionClaims,
    private readonly clock: Clock,
  ) {}

  /** Resolves when the history of the session may be read. After the first time it costs one look at its claim. */
  once(sessionID: string): Promise<void> {
    return this.queue.run(sessionID, async () => {
      const claim = await this.claims.find(sessionID);
      // somebody is writing it
      if (claim === 'own' || claim === 'other') return;
      if (claim === 'none' && this.whole.has(sessionID)) return;
      if (claim === 'lost' || (await this.unfinished(sessionID)).length > 0) await this.repair(sessionID);
      this.whole.set(sessionID, true);
    });
  }

  private async repair(sessionID: string): Promise<void> {
    const release = await this.claims.tryTake(sessionID);
    if (!release) return;
    try {
      // nobody else writes it from here on
      for (const { message, ended } of await this.unfinished(sessionID)) {
        const changed = ended.parts.filter((part, index) => part !== message.parts[index]);
        for (const part of changed) await this.messages.savePart(part);
        if (ended.info !== message.info) await this.messages.saveMessage(ended.info);
      }
    } finally {
      release();
    }
  }

  private async unfinished(sessionID: string) {
    const messages = await this.messages.list(sessionID, { limit: LOOK_AT });
    return messages
      .map((message) => ({ message, ended: endInterrupted(message, this.clock.now()) }))
      .filter(({ message, ended }) => !isSame(message, ended));
  }
}

const isSame = (a: MessageWithParts, b: MessageWithParts) =>
  a.info === b.info && a.parts.every((part, index) => part === b.parts[index]);
