import { Injectable } from '@nestjs/common';
import { type MessageListQuery, type MessageWithParts, NotFoundError, type Session } from '#libs/contract';
import { MessageStore } from '#libs/extension';
import { RunRegistry } from '../run/run.registry.js';
import { SessionService } from '../session.service.js';
import { HistoryRepair } from './history-repair.service.js';

/** Reads stored conversations, as new as the last published event. @publicApi */
@Injectable()
export class HistoryService {
  constructor(
    private readonly sessions: SessionService,
    private readonly messages: MessageStore,
    private readonly repair: HistoryRepair,
    private readonly runs: RunRegistry,
  ) {}

  /** Resolves when what is stored of a session is whole, and as new as the last published event. */
  async upToDate(sessionID: string): Promise<Session> {
    const session = await this.sessions.get(sessionID);
    await this.repair.once(sessionID);
    await this.runs.flush(sessionID);
    return session;
  }

  /** The JSON text of `MessageWithParts[]`, oldest first. A negative `limit` gives none, 0 gives all. */
  async text(sessionID: string, query: MessageListQuery = {}): Promise<string> {
    await this.upToDate(sessionID);
    if (query.limit !== undefined && query.limit < 0) return '[]';
    return this.messages.listText(sessionID, query.limit ? { limit: Math.ceil(query.limit) } : {});
  }

  /** Rejects with NotFoundError, also for a message of another session. */
  async message(sessionID: string, messageID: string): Promise<MessageWithParts> {
    await this.upToDate(sessionID);
    const message = await this.messages.find(messageID);
    if (message?.info.sessionID !== sessionID) throw new NotFoundError(`Message not found: ${messageID}`);
    return message;
  }
}
