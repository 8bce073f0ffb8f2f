import { Injectable } from '@nestjs/common';
import { createId, type Message, type MessageWithParts, type Part, type Session } from '#libs/contract';
import { EventBus } from '#libs/event';
import { Clock, MessageStore } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { SessionService } from '../session.service.js';
import { HistoryService } from './history.service.js';
import { endInterrupted } from './interrupted.js';

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
    const messages = before(await this.messages.list(sessionID), messageID);
    const session = await this.sessions.create(instance, { title: forkTitle(source.title) });
    const ids = new Map<string, string>();
    for (const message of messages) {
      const { info, parts } = copyOf(endInterrupted(message, this.clock.now()), session.id, ids);
      await this.messages.insert(info, parts);
      this.bus.publish(instance, 'message.updated', { info });
      for (const part of parts) this.bus.publish(instance, 'message.part.updated', { part });
    }
    return session;
  }
}

/** `X` becomes `X (fork #1)`, which becomes `X (fork #2)`. */
export function forkTitle(title: string): string {
  const [, name = title, number = '0'] = /^(.*) \(fork #(\d+)\)$/s.exec(title) ?? [];
  return `${name} (fork #${Number(number) + 1})`;
}

/** By place; an id that is not there cuts where it would stand. */
function before(messages: MessageWithParts[], messageID: string | undefined): MessageWithParts[] {
  if (messageID === undefined) return messages;
  const at = messages.findIndex(({ info }) => info.id === messageID);
  return at < 0 ? messages.filter(({ info }) => info.id < messageID) : messages.slice(0, at);
}

/** @param ids new ids of the messages copied so far */
function copyOf({ info, parts }: MessageWithParts, sessionID: string, ids: Map<string, string>): MessageWithParts {
  const id = createId('message');
  ids.set(info.id, id);
  const owner = { sessionID, messageID: id };
  const copied: Message =
    info.role === 'assistant'
      ? { ...info, id, sessionID, parentID: ids.get(info.parentID) ?? info.parentID }
      : { ...info, id, sessionID };
  return { info: copied, parts: parts.map((part) => copyOfPart(part, owner)) };
}

function copyOfPart(part: Part, owner: { sessionID: string; messageID: string }): Part {
  const copy = { ...part, ...owner, id: createId('part') };
  if (copy.type !== 'tool' || copy.state.status !== 'completed' || !copy.state.attachments) return copy;
  const attachments = copy.state.attachments.map((file) => ({ ...file, ...owner, id: createId('part') }));
  return { ...copy, state: { ...copy.state, attachments } };
}
