import { Injectable } from '@nestjs/common';
import { reachesSummary } from '#libs/agent';
import type { MessageWithParts } from '#libs/contract';
import { MessageStore } from '#libs/extension';

/** Messages read at first; each further reading takes twice as many. */
const FIRST_PAGE = 64;

/** The end of conversations, as far back as a model may still read it: what a turn costs must not grow with its session. */
@Injectable()
export class RecentHistory {
  constructor(private readonly messages: MessageStore) {}

  /**
   * Oldest first. With everything from the request for the newest finished summary on, and what was read on the way to
   * it.
   */
  async load(sessionID: string): Promise<MessageWithParts[]> {
    let history: MessageWithParts[] = [];
    for (let limit = FIRST_PAGE; ; limit *= 2) {
      const before = history[0]?.info.id;
      const page = await this.messages.list(sessionID, { limit, ...(before !== undefined && { before }) });
      history = [...page, ...history];
      if (page.length < limit || reachesSummary(history)) return history;
    }
  }
}
