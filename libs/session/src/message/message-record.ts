import {
  type AssistantMessage,
  createId,
  type EventMap,
  type EventType,
  type MessageWithParts,
  type Part,
} from '#libs/contract';
import type { EventBus } from '#libs/event';
import type { MessageStore } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { SerialQueue } from './serial-queue.js';

/** Milliseconds between two writes of a text that is still growing. */
const FLUSH_INTERVAL = 250;

/** A part whose text grows. */
export type Block = Extract<Part, { type: 'text' | 'reasoning' }>;

/**
 * One assistant message on its way to the store and to the clients. A part is stored before its event is published, so
 * every id in an event can be read back; deltas are published at once and stored in intervals. Parts are never changed
 * in place: each event holds the state of its moment.
 */
export class MessageRecord {
  private readonly queue: SerialQueue;
  private readonly parts = new Map<string, Part>();
  /** Parts whose newest text is not stored yet. */
  private readonly dirty = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  /** @param onFailure told when storage fails; nothing is published after that */
  constructor(
    private readonly instance: Instance,
    private message: AssistantMessage,
    private readonly services: { readonly messages: MessageStore; readonly bus: EventBus },
    onFailure: (error: unknown) => void,
  ) {
    this.queue = new SerialQueue(onFailure);
  }

  get info(): AssistantMessage {
    return this.message;
  }

  get state(): MessageWithParts {
    return { info: this.message, parts: [...this.parts.values()] };
  }

  part(id: string | undefined): Part | undefined {
    return id === undefined ? undefined : this.parts.get(id);
  }

  /** What a new part says of itself. */
  identity() {
    return { id: createId('part'), sessionID: this.message.sessionID, messageID: this.message.id };
  }

  save(part: Part): void {
    this.parts.set(part.id, part);
    this.dirty.delete(part.id);
    this.queue.add(() => this.services.messages.savePart(part));
    this.publish('message.part.updated', { part });
  }

  /** A part that takes a moment to get its last form; what comes after it waits. */
  saveFormed(part: Part, form: () => Promise<Part>): void {
    this.parts.set(part.id, part);
    this.dirty.delete(part.id);
    this.queue.add(async () => {
      const formed = await form();
      this.parts.set(part.id, formed);
      await this.services.messages.savePart(formed);
      this.services.bus.publish(this.instance, 'message.part.updated', { part: formed });
    });
  }

  /** A part with a longer text. @param delta what came to it; nothing when only its metadata changed */
  grow(part: Block, delta: string): void {
    this.parts.set(part.id, part);
    this.dirty.add(part.id);
    const { sessionID, messageID, id: partID } = part;
    if (delta !== '') this.publish('message.part.delta', { sessionID, messageID, partID, field: 'text', delta });
    this.timer ??= setTimeout(() => this.storeDirty(), FLUSH_INTERVAL).unref();
  }

  /** Stores and tells the message itself for the first time. @param turn when its turn began, in ms */
  insert(turn: number): void {
    const info = this.message;
    this.queue.add(() => this.services.messages.insert(info, [], turn));
    this.publish('message.updated', { info });
  }

  saveInfo(change: Partial<AssistantMessage>): void {
    const info = (this.message = { ...this.message, ...change });
    this.queue.add(() => this.services.messages.saveMessage(info));
    this.publish('message.updated', { info });
  }

  /** Brings growing texts to the store. */
  async flush(): Promise<void> {
    this.storeDirty();
    await this.settled();
  }

  /** Resolves when everything so far is stored and published. */
  settled(): Promise<void> {
    return this.queue.settled();
  }

  private storeDirty(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const id of this.dirty) {
      const part = this.parts.get(id);
      if (part) this.queue.add(() => this.services.messages.savePart(part));
    }
    this.dirty.clear();
  }

  private publish<T extends EventType>(type: T, properties: EventMap[T]): void {
    this.queue.add(() => this.services.bus.publish(this.instance, type, properties));
  }
}
