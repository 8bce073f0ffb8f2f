import { Injectable } from '@nestjs/common';
import { CONTINUATION } from '#libs/agent';
import { createId, type MessageWithParts, type Part, type UserMessage } from '#libs/contract';
import { EventBus } from '#libs/event';
import { Clock, MessageStore } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { timeBehind } from './message-time.js';

type WithoutIds<P> = P extends Part ? Omit<P, 'id' | 'sessionID' | 'messageID'> : never;

export type UserMessageWithParts = MessageWithParts & { info: UserMessage };

/** Writes user messages: those of clients, and those that the server makes by itself. */
@Injectable()
export class UserMessageWriter {
  constructor(
    private readonly messages: MessageStore,
    private readonly bus: EventBus,
    private readonly clock: Clock,
  ) {}

  /** A message that stands behind everything its session holds. It is not stored yet. */
  async create(message: Omit<UserMessage, 'id' | 'role' | 'time'>, id = createId('message')): Promise<UserMessage> {
    const [last] = await this.messages.list(message.sessionID, { limit: 1 });
    return { ...message, id, role: 'user', time: { created: timeBehind(last?.info, id, this.clock.now()) } };
  }

  /** Stores and publishes a message. Rejects with a DuplicateIdError. */
  async save(instance: Instance, message: UserMessageWithParts): Promise<void> {
    const { info, parts } = message;
    await this.messages.insert(info, parts);
    this.bus.publish(instance, 'message.updated', { info });
    for (const part of parts) this.bus.publish(instance, 'message.part.updated', { part });
  }

  /** Creates and saves a message. */
  async write(
    instance: Instance,
    message: Omit<UserMessage, 'id' | 'role' | 'time'>,
    inputs: readonly WithoutIds<Part>[],
  ): Promise<UserMessageWithParts> {
    const info = await this.create(message);
    const ids = { sessionID: info.sessionID, messageID: info.id };
    const parts = inputs.map((part) => ({ ...part, ...ids, id: createId('part') }));
    await this.save(instance, { info, parts });
    return { info, parts };
  }

  /** Writes the text that makes the work on a message go on; what that one was asked with goes on to hold. */
  follow(
    instance: Instance,
    { id: _id, role: _role, time: _time, summary: _summary, ...asked }: UserMessage,
    text: string,
  ): Promise<UserMessageWithParts> {
    const now = this.clock.now();
    const time = { start: now, end: now };
    return this.write(instance, asked, [{ type: 'text', synthetic: true, text, time, metadata: CONTINUATION }]);
  }
}
