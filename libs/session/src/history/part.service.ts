import { Injectable } from '@nestjs/common';
import { BadRequestError, ConflictError, type Issue, type Message, NotFoundError, type Part } from '#libs/contract';
import { EventBus } from '#libs/event';
import { DuplicateIdError, MessageStore } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { RunRegistry } from '../run/run.registry.js';
import { HistoryService } from './history.service.js';

/** Where a part stands. */
export interface PartPlace {
  sessionID: string;
  messageID: string;
  partID: string;
}

/** Changes single parts from outside. @publicApi */
@Injectable()
export class PartService {
  constructor(
    private readonly histories: HistoryService,
    private readonly messages: MessageStore,
    private readonly runs: RunRegistry,
    private readonly bus: EventBus,
  ) {}

  /** Adds or replaces a part. Rejects with a WireError when it names another place, or its message is being written. */
  async save(instance: Instance, place: PartPlace, part: Part): Promise<Part> {
    const { sessionID, messageID, partID } = place;
    const address = { id: partID, messageID, sessionID };
    const issues = (['id', 'messageID', 'sessionID'] as const)
      .filter((key) => part[key] !== address[key])
      .map((key): Issue => ({ code: 'custom', path: [key], message: `Has to be ${address[key]}, as in the address` }));
    if (issues.length > 0) throw new BadRequestError(part, issues);
    await this.needWritable(place);
    try {
      await this.messages.savePart(part);
    } catch (error) {
      if (DuplicateIdError.is(error)) throw new ConflictError(`${partID} belongs to another message`);
      throw error;
    }
    this.bus.publish(instance, 'message.part.updated', { part });
    return part;
  }

  /** Rejects with NotFoundError when it is not there. */
  async remove(instance: Instance, place: PartPlace): Promise<void> {
    const { sessionID, messageID, partID } = place;
    const parts = await this.needWritable(place);
    if (!parts.some(({ id }) => id === partID) || !(await this.messages.removePart(partID)))
      throw new NotFoundError(`Part not found: ${partID}`);
    this.bus.publish(instance, 'message.part.removed', { sessionID, messageID, partID });
  }

  private async needWritable({ sessionID, messageID }: PartPlace): Promise<Part[]> {
    const { info, parts } = await this.histories.message(sessionID, messageID);
    if (this.runs.get(sessionID) && isOpen(info))
      throw new ConflictError(`${messageID} is still being written: abort the session or wait until it is complete`);
    return parts;
  }
}

const isOpen = (info: Message) => info.role === 'assistant' && info.time.completed === undefined;
