import { Injectable } from '@nestjs/common';
import type { MessageWithParts, Session, SessionRevert } from '#libs/contract';
import { EventBus } from '#libs/event';
import type { Instance } from '#libs/instance';
import { SessionStores } from '../session-stores.js';
import { SessionService } from '../session.service.js';
import { DiffService } from '../snapshot/diff.service.js';
import { revertedFrom } from './revert-point.js';

/** The mark on a session behind which its messages count as taken back, and the sums that fit it. */
@Injectable()
export class RevertMarker {
  constructor(
    private readonly sessions: SessionService,
    private readonly stores: SessionStores,
    private readonly diffs: DiffService,
    private readonly bus: EventBus,
  ) {}

  /** @param reverted the messages behind the mark */
  async set(
    instance: Instance,
    sessionID: string,
    revert: SessionRevert,
    reverted: readonly MessageWithParts[],
  ): Promise<Session> {
    const summary = this.diffs.tell(instance, sessionID, await this.diffs.ofMessages(instance, reverted));
    return this.sessions.modify(instance, sessionID, (stored) => ({ ...stored, revert, summary }));
  }

  /** Nothing is taken back any more. @param messages what is left of the conversation */
  async lift(instance: Instance, sessionID: string, messages: readonly MessageWithParts[]): Promise<Session> {
    this.diffs.forget(instance, sessionID);
    const summary = this.diffs.tell(instance, sessionID, await this.diffs.ofMessages(instance, messages));
    return this.sessions.modify(instance, sessionID, ({ revert: _gone, ...stored }) => ({ ...stored, summary }));
  }

  /** Removes what was taken back for good; the files stay as they are. */
  async drop(instance: Instance, { id: sessionID, revert }: Session): Promise<void> {
    if (!revert) return;
    const messages = await this.stores.messages.list(sessionID);
    const [first, ...rest] = revertedFrom(messages, revert);
    // newest first: what is left when it is interrupted is still a conversation, and the marker still fits
    for (const { info } of rest.reverse()) await this.removeMessage(instance, sessionID, info.id);
    if (first && revert.partID === undefined) await this.removeMessage(instance, sessionID, first.info.id);
    else if (first) await this.removeParts(instance, first);
    await this.lift(instance, sessionID, await this.stores.messages.list(sessionID));
  }

  private async removeMessage(instance: Instance, sessionID: string, messageID: string): Promise<void> {
    if (!(await this.stores.messages.removeMessage(messageID))) return;
    this.bus.publish(instance, 'message.removed', { sessionID, messageID });
  }

  private async removeParts(instance: Instance, { info, parts }: MessageWithParts): Promise<void> {
    const { sessionID, id: messageID } = info;
    for (const { id: partID } of [...parts].reverse())
      if (await this.stores.messages.removePart(partID))
        this.bus.publish(instance, 'message.part.removed', { sessionID, messageID, partID });
  }
}
