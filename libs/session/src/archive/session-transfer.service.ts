import { Injectable } from '@nestjs/common';
import {
  BadRequestError,
  ConflictError,
  type DtoClass,
  MessageWithParts,
  NotFoundError,
  Session,
  validateInput,
} from '#libs/contract';
import { EventBus } from '#libs/event';
import type { Instance } from '#libs/instance';
import { HistoryService } from '../history/history.service.js';
import { SessionStores } from '../session-stores.js';
import { turnsInOrder } from './turns-in-order.js';

/** A whole conversation, as `opencode export` writes it and `opencode import` reads it. @publicApi */
export interface SessionExport {
  info: Session;
  /** Oldest first. */
  messages: MessageWithParts[];
}

/** Takes conversations out of the store and into it. @publicApi */
@Injectable()
export class SessionTransfer {
  constructor(
    private readonly history: HistoryService,
    private readonly stores: SessionStores,
    private readonly bus: EventBus,
  ) {}

  /** Rejects with a NotFoundError. */
  async export(sessionID: string): Promise<SessionExport> {
    const info = await this.history.upToDate(sessionID);
    return { info, messages: await this.stores.messages.list(sessionID) };
  }

  /**
   * Stores a conversation under its own ids in the project of the instance; what belongs to the place it comes from
   * (its directory, a share, a revert) stays behind. All or nothing.
   * Rejects with a BadRequestError when it is none, and with a ConflictError when it is here already.
   * @param exported as read from a file
   */
  async import(instance: Instance, exported: unknown): Promise<Session> {
    const { info, messages } = checked(exported);
    if (await this.stores.sessions.find(info.id)) throw new ConflictError(`Session ${info.id} is here already`);
    const { share: _share, revert: _revert, parentID, ...rest } = info;
    const parent = parentID === undefined ? undefined : await this.stores.sessions.find(parentID);
    const session: Session = {
      ...rest,
      projectID: instance.project.id,
      directory: instance.directory,
      ...(parent && { parentID: parent.id }),
    };
    await this.stores.sessions.insert(session);
    try {
      const turns = turnsInOrder(messages.map(({ info }) => info));
      for (const [index, { info, parts }] of messages.entries())
        await this.stores.messages.insert(info, parts, turns[index]);
    } catch (error) {
      await this.stores.sessions.remove(session.id);
      throw error;
    }
    this.bus.publish(instance, 'session.created', { info: session });
    this.bus.publish(instance, 'session.updated', { info: session });
    return session;
  }
}

function checked(exported: unknown): SessionExport {
  const { info, messages } = (exported ?? {}) as Partial<Record<keyof SessionExport, unknown>>;
  if (!Array.isArray(messages)) throw new NotFoundError('There is no conversation: { "info": …, "messages": [ … ] }');
  const session = read(Session, info);
  const list = messages.map((message) => read(MessageWithParts, message));
  for (const { info, parts } of list)
    for (const { sessionID } of [info, ...parts])
      if (sessionID !== session.id)
        throw new ConflictError(`Message ${info.id} belongs to another session: ${sessionID}`);
  return { info: session, messages: list };
}

function read<T extends object>(dto: DtoClass<T>, input: unknown): T {
  const { value, issues } = validateInput(dto, input);
  if (issues) throw new BadRequestError(input, issues);
  // plain, as everything that is stored
  return { ...value };
}
