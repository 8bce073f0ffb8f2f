import { Injectable } from '@nestjs/common';
import { createId, type MessageWithParts, type Part, type UserMessage } from '#libs/contract';
import { EventBus } from '#libs/event';
import { Clock, MessageStore } from '#libs/extension';
import type { Instance } from '#libs/instance';

type WithoutIds<P> = P extends Part ? Omit<P, 'id' | 'sessionID' | 'messageID'> : never;

/** User messages that the server writes by itself. */
@Injectable()
export class UserMessageWriter {
  constructor(
    private readonly messages: MessageStore,
    private readonly bus: EventBus,
    private readonly clock: Clock,
  ) {}

  /** Stores and publishes a message that stands behind everything the session holds. */
  async write(
    instance: Instance,
    message: Omit<UserMessage, 'id' | 'role' | 'time'>,
    parts: readonly WithoutIds<Part>[],
  ): Promise<MessageWithParts & { info: UserMessage }> {
    const id = createId('message');
    const info: UserMessage = { ...message, id, role: 'user', time: { created: await this.time(message, id) } };
    const stored = parts.map((part) => ({
      ...part,
      id: createId('part'),
      sessionID: message.sessionID,
      messageID: id,
    }));
    await this.messages.insert(info, stored);
    this.tell(instance, { info, parts: stored });
    return { info, parts: stored };
  }

  /** Publishes a message that is stored. */
  tell(instance: Instance, { info, parts }: MessageWithParts): void {
    this.bus.publish(instance, 'message.updated', { info });
    for (const part of parts) this.bus.publish(instance, 'message.part.updated', { part });
  }

  private async time({ sessionID }: Pick<UserMessage, 'sessionID'>, id: string): Promise<number> {
    const [last] = await this.messages.list(sessionID, { limit: 1 });
    if (!last) return this.clock.now();
    return Math.max(this.clock.now(), last.info.time.created + (id < last.info.id ? 1 : 0));
  }
}
