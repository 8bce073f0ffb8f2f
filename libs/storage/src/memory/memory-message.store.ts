import type { Message, MessageWithParts, Part } from '#libs/contract';
import { DuplicateIdError, type HistoryQuery, MessageStore } from '#libs/extension';
import { MissingOwnerError } from '../missing-owner.error.js';
import { removedIds } from '../removed-ids.js';
import { wholeLimit } from '../session-filter.js';
import { byText, type MemoryTables, type MessageRow } from './memory-tables.js';

/** Messages and parts that end with the process. */
export class MemoryMessageStore extends MessageStore {
  private readonly removed = removedIds();

  constructor(private readonly tables: MemoryTables) {
    super();
  }

  async insert(message: Message, parts: readonly Part[], turn = message.time.created): Promise<void> {
    const { id, sessionID } = message;
    this.needSession(message);
    if (this.tables.messages.has(id)) throw new DuplicateIdError(id);
    const texts = new Map<string, string>();
    for (const part of parts) {
      if (part.messageID !== id || part.sessionID !== sessionID) throw new MissingOwnerError(part.id, part.messageID);
      if (this.tables.partOwners.has(part.id) || texts.has(part.id)) throw new DuplicateIdError(part.id);
      texts.set(part.id, JSON.stringify(part));
    }
    this.tables.messages.set(id, { ...rowOf(message, turn), parts: texts });
    for (const partID of texts.keys()) this.tables.partOwners.set(partID, id);
    this.removed.delete(id);
  }

  async saveMessage(message: Message): Promise<void> {
    const { id } = message;
    if (this.removed.has(id)) throw new MissingOwnerError(id, id);
    this.needSession(message);
    const stored = this.tables.messages.get(id);
    if (stored && stored.sessionID !== message.sessionID) throw new DuplicateIdError(id);
    const row = rowOf(message, stored?.turn ?? message.time.created);
    this.tables.messages.set(id, { ...row, parts: stored?.parts ?? new Map<string, string>() });
  }

  async savePart(part: Part): Promise<void> {
    const message = this.tables.messages.get(part.messageID);
    if (message?.sessionID !== part.sessionID) throw new MissingOwnerError(part.id, part.messageID);
    const owner = this.tables.partOwners.get(part.id);
    if (owner !== undefined && owner !== part.messageID) throw new DuplicateIdError(part.id);
    message.parts.set(part.id, JSON.stringify(part));
    this.tables.partOwners.set(part.id, part.messageID);
  }

  async has(messageID: string): Promise<boolean> {
    return this.tables.messages.has(messageID);
  }

  async find(messageID: string): Promise<MessageWithParts | undefined> {
    const row = this.tables.messages.get(messageID);
    return row && (JSON.parse(textOf(row)) as MessageWithParts);
  }

  async list(sessionID: string, query?: HistoryQuery): Promise<MessageWithParts[]> {
    return JSON.parse(await this.listText(sessionID, query)) as MessageWithParts[];
  }

  async listText(sessionID: string, { limit, before }: HistoryQuery = {}): Promise<string> {
    const rows = [...this.tables.messages]
      .filter(([, row]) => row.sessionID === sessionID)
      .sort(([a, { turn: first }], [b, { turn: second }]) => first - second || byText(a, b));
    const end =
      before === undefined
        ? rows.length
        : Math.max(
            0,
            rows.findIndex(([id]) => id === before),
          );
    const newest = rows.slice(Math.max(0, end - (wholeLimit(limit) ?? end)), end);
    return `[${newest.map(([, row]) => textOf(row)).join(',')}]`;
  }

  async removeMessage(messageID: string): Promise<boolean> {
    const found = this.tables.removeMessage(messageID);
    if (found) this.removed.set(messageID, true);
    return found;
  }

  async removePart(partID: string): Promise<boolean> {
    const owner = this.tables.partOwners.get(partID);
    if (owner === undefined) return false;
    this.tables.messages.get(owner)?.parts.delete(partID);
    return this.tables.partOwners.delete(partID);
  }

  private needSession({ id, sessionID }: Message): void {
    if (!this.tables.sessions.has(sessionID)) throw new MissingOwnerError(id, sessionID);
  }
}

function rowOf(message: Message, turn: number): Omit<MessageRow, 'parts'> {
  return { sessionID: message.sessionID, turn, text: JSON.stringify(message) };
}

function textOf(row: MessageRow): string {
  const parts = [...row.parts].sort(([a], [b]) => byText(a, b)).map(([, text]) => text);
  return `{"info":${row.text},"parts":[${parts.join(',')}]}`;
}
