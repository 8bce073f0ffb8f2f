import { Injectable } from '@nestjs/common';
import type { Session } from '#libs/contract';
import { EventBus } from '#libs/event';
import { Clock, MessageStore } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { SessionService } from '../session.service.js';
import { copyConversation, forkTitle, messagesBefore } from './conversation-copy.js';
import { HistoryService } from './history.service.js';

/** Copies conversations into sessions of their own. @publicApi */
@Injectable()
export class ForkService {
  constructor(
    private readonly sessions: SessionService,
    private readonly histories: HistoryService,
    private readonly messages: MessageStore,
    private readonly bus: EventBus,
    private readonly clock: Clock,
  ) {}

  /**
   * A new root session with the messages before `messageID`, or with all. What is being written at the moment is
   * copied as far as it got, as if it had been aborted: nobody would end the copy.
   */
  async fork(instance: Instance, sessionID: string, messageID?: string): Promise<Session> {
    const source = await this.histories.upToDate(sessionID);
    const messages = messagesBefore(await this.messages.list(sessionID), messageID);
    const session = await this.sessions.create(instance, { title: forkTitle(source.title) });
    const copies = copyConversation(messages, session.id, this.clock.now());
    for (const { info, parts } of copies) {
      // one turn for all: the new ids are in order, whatever those of the source are
      await this.messages.insert(info, parts, copies[0]?.info.time.created);
      this.bus.publish(instance, 'message.updated', { info });
      for (const part of parts) this.bus.publish(instance, 'message.part.updated', { part });
    }
    return session;
  }
}
