import { Injectable } from '@nestjs/common';
import {
  createId,
  createIdAfter,
  type Message,
  type MessageWithParts,
  type Part,
  type UserMessage,
} from '#libs/contract';
import { EventBus } from '#libs/event';
import { Clock, MessageStore } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { timeBehind } from './message-time.js';
import type { TurnPlace } from './turn-place.js';

type WithoutIds<P> = P extends Part ? Omit<P, 'id' | 'sessionID' | 'messageID'> : never;

/** What is said when a message is written. */
type Asked = Omit<UserMessage, 'id' | 'role' | 'time'>;

export type UserMessageWithParts = MessageWithParts & { info: UserMessage };

/** Writes user messages: those of clients, and those that the server makes by itself. */
@Injectable()
export class UserMessageWriter {
  constructor(
    private readonly messages: MessageStore,
    private readonly bus: EventBus,
    private readonly clock: Clock,
  ) {}

  async newest(sessionID: string): Promise<Message | undefined> {
    return (await this.messages.list(sessionID, { limit: 1 }))[0]?.info;
  }

  /**
   * A message that begins a turn. It is not stored yet.
   * @param newest of its session, behind which it stands
   * @param given its id
   */
  create(message: Asked, newest: Message | undefined, given?: string): UserMessage {
    const id = given ?? createIdAfter('message', newest?.id ?? '');
    return { ...message, id, role: 'user', time: { created: timeBehind(newest, id, this.clock.now()) } };
  }

  /**
   * Stores and publishes a message. Rejects with a DuplicateIdError.
   * @param turn when the turn began that it belongs to, in ms; unless given, it begins one
   */
  async save(instance: Instance, { info, parts }: UserMessageWithParts, turn = info.time.created): Promise<void> {
    await this.messages.insert(info, parts, turn);
    this.bus.publish(instance, 'message.updated', { info });
    for (const part of parts) this.bus.publish(instance, 'message.part.updated', { part });
  }

  /** Creates and saves a message. @param place in the turn that it belongs to; unless given, it begins one */
  async write(
    instance: Instance,
    message: Asked,
    inputs: readonly WithoutIds<Part>[],
    place?: TurnPlace,
  ): Promise<UserMessageWithParts> {
    const info: UserMessage = place
      ? { ...message, id: place.next(), role: 'user', time: { created: this.clock.now() } }
      : this.create(message, await this.newest(message.sessionID));
    const ids = { sessionID: info.sessionID, messageID: info.id };
    const parts = inputs.map((part) => ({ ...part, ...ids, id: createId('part') }));
    await this.save(instance, { info, parts }, place?.began);
    return { info, parts };
  }

  /** Writes the text that makes the work of a turn go on; what it was asked with goes on to hold. */
  follow(
    instance: Instance,
    { id: _id, role: _role, time: _time, summary: _summary, ...asked }: UserMessage,
    text: string,
    place: TurnPlace,
  ): Promise<UserMessageWithParts> {
    const now = this.clock.now();
    const time = { start: now, end: now };
    return this.write(instance, asked, [{ type: 'text', synthetic: true, text, time }], place);
  }
}
