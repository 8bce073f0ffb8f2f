import type { Message, MessageWithParts, Part } from '#libs/contract';
import { Port } from '../boot/port.js';

export interface HistoryQuery {
  /** The newest N messages; absent = all. */
  limit?: number;
  /** Only messages that stand before the one with this id; none when it is not there. */
  before?: string;
}

/**
 * Keeps messages and their parts. Messages are ordered by the beginning of their turn, then by id; parts by id.
 * What a resolved promise acknowledges survives the death of the process.
 * @publicApi
 */
export abstract class MessageStore extends Port {
  /**
   * Stores a message with its parts, all or nothing. Rejects with {@link DuplicateIdError} when the message id exists.
   * @param turn when the turn that it belongs to began, in ms; unless given, it begins one: its `time.created`
   */
  abstract insert(message: Message, parts: readonly Part[], turn?: number): Promise<void>;
  /** Replaces one message, which keeps its place and its parts; one that is not there is inserted without parts. */
  abstract saveMessage(message: Message): Promise<void>;
  /** Inserts or replaces one part. */
  abstract savePart(part: Part): Promise<void>;
  abstract has(messageID: string): Promise<boolean>;
  abstract find(messageID: string): Promise<MessageWithParts | undefined>;
  /** Oldest first. */
  abstract list(sessionID: string, query?: HistoryQuery): Promise<MessageWithParts[]>;
  /** The JSON text of {@link list}, made from stored text without parsing it. */
  abstract listText(sessionID: string, query?: HistoryQuery): Promise<string>;
  /** Removes a message and its parts; false when it was not there. */
  abstract removeMessage(messageID: string): Promise<boolean>;
  /** False when it was not there. */
  abstract removePart(partID: string): Promise<boolean>;
}
