import type { Message, MessageWithParts, Part } from '#libs/contract';
import { DuplicateIdError, type HistoryQuery, MessageStore } from '#libs/extension';
import { MissingOwnerError } from '../missing-owner.error.js';
import { removedIds } from '../removed-ids.js';
import { wholeLimit } from '../session-filter.js';
import type { SqliteConnection } from './sqlite-connection.js';

/** The text of `{"info":…,"parts":[…]}`, put together by SQLite from the stored texts. */
const WITH_PARTS = `
  '{"info":' || message.data || ',"parts":[' || coalesce(
    (SELECT group_concat(part.data, ',' ORDER BY part.id) FROM part WHERE part.message_id = message.id), ''
  ) || ']}'`;

// `created` is the beginning of the turn that a message belongs to.
// One row per message, joined outside: a single group_concat over all of them copies its growing text again and
// again (165 ms instead of 63 ms for a history of 20 MB).
const history = (condition = '') => `
  SELECT ${WITH_PARTS} AS text
  FROM (
    SELECT * FROM message WHERE session_id = ?1 ${condition} ORDER BY created DESC, id DESC LIMIT ?2
  ) AS message
  ORDER BY message.created, message.id`;
const HISTORY = history();
const HISTORY_BEFORE = history(
  'AND (created, id) < (SELECT created, id FROM message WHERE id = ?3 AND session_id = ?1)',
);

// The owner is checked by the very statement that writes: nothing can be removed in between.
const SAVE_MESSAGE = `
  INSERT INTO message (id, session_id, created, data)
  SELECT ?1, ?2, ?3, ?4 WHERE EXISTS (SELECT 1 FROM session WHERE id = ?2)`;
const SAVE_PART = `
  INSERT INTO part (id, message_id, data)
  SELECT ?1, ?2, ?4 WHERE EXISTS (SELECT 1 FROM message WHERE id = ?2 AND session_id = ?3)`;

const INSERT_MESSAGE = `${SAVE_MESSAGE} ON CONFLICT (id) DO NOTHING`;
const INSERT_PART = `${SAVE_PART} ON CONFLICT (id) DO NOTHING`;
const UPSERT_MESSAGE = `${SAVE_MESSAGE}
  ON CONFLICT (id) DO UPDATE SET data = excluded.data
  WHERE session_id = excluded.session_id`;
const UPSERT_PART = `${SAVE_PART}
  ON CONFLICT (id) DO UPDATE SET data = excluded.data WHERE message_id = excluded.message_id`;

/** Messages and parts in SQLite, as JSON text. */
export class SqliteMessageStore extends MessageStore {
  private readonly removed = removedIds();

  constructor(private readonly connection: SqliteConnection) {
    super();
  }

  async insert(message: Message, parts: readonly Part[], turn = message.time.created): Promise<void> {
    this.connection.transaction(() => {
      this.writeMessage(INSERT_MESSAGE, message, turn);
      for (const part of parts) {
        if (part.messageID !== message.id) throw new MissingOwnerError(part.id, part.messageID);
        this.writePart(INSERT_PART, part);
      }
    });
    this.removed.delete(message.id);
  }

  async saveMessage(message: Message): Promise<void> {
    if (this.removed.has(message.id)) throw new MissingOwnerError(message.id, message.id);
    this.writeMessage(UPSERT_MESSAGE, message, message.time.created);
  }

  async savePart(part: Part): Promise<void> {
    this.writePart(UPSERT_PART, part);
  }

  async has(messageID: string): Promise<boolean> {
    return this.exists('message', messageID);
  }

  async find(messageID: string): Promise<MessageWithParts | undefined> {
    const row = this.connection.statement(`SELECT ${WITH_PARTS} AS text FROM message WHERE id = ?`).get(messageID);
    return row && (JSON.parse(String(row['text'])) as MessageWithParts);
  }

  async list(sessionID: string, query?: HistoryQuery): Promise<MessageWithParts[]> {
    return JSON.parse(await this.listText(sessionID, query)) as MessageWithParts[];
  }

  async listText(sessionID: string, { limit, before }: HistoryQuery = {}): Promise<string> {
    const values = [sessionID, wholeLimit(limit) ?? -1];
    const rows =
      before === undefined
        ? this.connection.statement(HISTORY).all(...values)
        : this.connection.statement(HISTORY_BEFORE).all(...values, before);
    return `[${rows.map((row) => row['text']).join(',')}]`;
  }

  async removeMessage(messageID: string): Promise<boolean> {
    const { changes } = this.connection.statement('DELETE FROM message WHERE id = ?').run(messageID);
    if (changes > 0) this.removed.set(messageID, true);
    return changes > 0;
  }

  async removePart(partID: string): Promise<boolean> {
    return this.connection.statement('DELETE FROM part WHERE id = ?').run(partID).changes > 0;
  }

  private writeMessage(sql: string, message: Message, turn: number): void {
    const { id, sessionID } = message;
    const { changes } = this.connection.statement(sql).run(id, sessionID, turn, JSON.stringify(message));
    if (changes > 0) return;
    throw this.exists('session', sessionID) ? new DuplicateIdError(id) : new MissingOwnerError(id, sessionID);
  }

  private writePart(sql: string, part: Part): void {
    const { id, messageID, sessionID } = part;
    const { changes } = this.connection.statement(sql).run(id, messageID, sessionID, JSON.stringify(part));
    if (changes > 0) return;
    const owned = this.connection
      .statement('SELECT 1 FROM message WHERE id = ? AND session_id = ?')
      .get(messageID, sessionID);
    throw owned ? new DuplicateIdError(id) : new MissingOwnerError(id, messageID);
  }

  private exists(table: 'session' | 'message', id: string): boolean {
    return this.connection.statement(`SELECT 1 FROM ${table} WHERE id = ?`).get(id) !== undefined;
  }
}
