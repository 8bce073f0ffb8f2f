/** A stored message: its owner, its place in the order and its text. */
export interface MessageRow {
  readonly sessionID: string;
  /** When its turn began. */
  readonly turn: number;
  readonly text: string;
  /** Texts of the parts by id. */
  readonly parts: Map<string, string>;
}

/**
 * The data of the memory adapters. Everything is kept as JSON text, so that what comes out is never the object that
 * went in, exactly as with a database.
 * @internal
 */
export class MemoryTables {
  readonly projects = new Map<string, string>();
  readonly sessions = new Map<string, string>();
  readonly todos = new Map<string, string>();
  readonly messages = new Map<string, MessageRow>();
  /** Message of each part. */
  readonly partOwners = new Map<string, string>();

  removeSession(id: string): boolean {
    for (const [messageID, row] of this.messages) if (row.sessionID === id) this.removeMessage(messageID);
    this.todos.delete(id);
    return this.sessions.delete(id);
  }

  removeMessage(id: string): boolean {
    for (const partID of this.messages.get(id)?.parts.keys() ?? []) this.partOwners.delete(partID);
    return this.messages.delete(id);
  }
}

/** Plain order of strings, as ids are compared everywhere. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
