import { Injectable } from '@nestjs/common';
import type { FinishReason, StepEvent, ToolCall } from '#libs/agent';
import {
  type AssistantMessage,
  createId,
  type EventMap,
  type EventType,
  type MessageWithParts,
  type Part,
  type TextPart,
  type ToolPart,
} from '#libs/contract';
import { EventBus } from '#libs/event';
import { Clock, HookRegistry, MessageStore, type ToolProgress, type ToolResult } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { SerialQueue } from './serial-queue.js';
import { UserMessageWriter } from './user-message.writer.js';

/** Milliseconds between two writes of a text that is still growing. */
const FLUSH_INTERVAL = 250;

/** Makes the writers of all messages. */
@Injectable()
export class MessageWriterFactory {
  constructor(
    readonly messages: MessageStore,
    readonly bus: EventBus,
    readonly clock: Clock,
    readonly userMessages: UserMessageWriter,
    readonly hooks: HookRegistry,
  ) {}

  /** @param onFailure told when storage fails; nothing is published after that */
  create(instance: Instance, message: AssistantMessage, onFailure: (error: unknown) => void): MessageWriter {
    return new MessageWriter(instance, message, this, onFailure);
  }
}

type Block = Extract<Part, { type: 'text' | 'reasoning' }>;

/**
 * Writes one assistant message while it comes into being. A part is stored before its event is published, so every
 * id in an event can be read back; deltas are published at once and stored in intervals. Parts are never changed in
 * place: each event holds the state of its moment.
 */
export class MessageWriter {
  private readonly queue: SerialQueue;
  private readonly parts = new Map<string, Part>();
  /** Growing texts by the id of the model's block. */
  private readonly blocks = new Map<string, Block>();
  private readonly tools = new Map<string, string>();
  private readonly dirty = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private startSnapshot: { snapshot?: string } = {};

  constructor(
    private readonly instance: Instance,
    private message: AssistantMessage,
    private readonly services: MessageWriterFactory,
    onFailure: (error: unknown) => void,
  ) {
    this.queue = new SerialQueue(onFailure);
  }

  get id(): string {
    return this.message.id;
  }

  get state(): MessageWithParts {
    return { info: this.message, parts: [...this.parts.values()] };
  }

  /** Stores and publishes the message in its present state. */
  async open(): Promise<void> {
    this.saveMessage({});
    await this.settled();
  }

  /** Synchronous, in the order of the events. */
  apply(event: Exclude<StepEvent, { type: 'stream-open' | 'step-finish' }>): void {
    switch (event.type) {
      case 'step-start':
        return this.savePart({ ...this.ids(), type: 'step-start', ...this.startSnapshot });
      case 'text-start':
      case 'reasoning-start':
        return this.openBlock(event.type === 'text-start' ? 'text' : 'reasoning', event.id, event.metadata);
      case 'text-delta':
      case 'reasoning-delta':
        return this.grow(event.id, event.delta, event.metadata);
      case 'text-end':
      case 'reasoning-end':
        return this.closeBlock(event.id, event.metadata);
      case 'tool-pending':
        return this.openTool(event.callID, event.tool);
      case 'tool-running':
        return this.changeTool(event.callID, (part) => ({
          ...part,
          tool: event.tool,
          state: { status: 'running', input: event.input, time: { start: this.now() } },
          ...(event.metadata && { metadata: event.metadata }),
        }));
      case 'tool-completed':
        return this.completeTool(event.callID, event.result);
      case 'tool-failed':
        return this.failTool(event.callID, event.message);
      case 'retry':
        return this.closeBlocks();
    }
  }

  /** The files before the step. Told with its start, or as soon as it is known. */
  startFrom(snapshot: string | undefined): void {
    if (snapshot === undefined) return;
    this.startSnapshot = { snapshot };
    for (const part of this.parts.values())
      if (part.type === 'step-start' && part.snapshot === undefined) this.savePart({ ...part, snapshot });
  }

  /** The files the step changed. */
  patch({ hash, files }: { hash: string; files: string[] }): void {
    this.savePart({ ...this.ids(), type: 'patch', hash, files });
  }

  /** The model's account of the step. @param cost US dollars @param snapshot of the files after it */
  finishStep(reason: FinishReason, tokens: AssistantMessage['tokens'], cost: number, snapshot?: string): void {
    this.savePart({
      ...this.ids(),
      type: 'step-finish',
      reason,
      ...(snapshot !== undefined && { snapshot }),
      cost,
      tokens,
    });
    this.saveMessage({ finish: reason, tokens, cost: this.message.cost + cost });
  }

  /** A call that no model makes: it runs from the start. */
  startTool({ callID, tool, input }: ToolCall): void {
    const state = { status: 'running' as const, input, time: { start: this.now() } };
    const part: ToolPart = { ...this.ids(), type: 'tool', callID, tool, state };
    this.tools.set(callID, part.id);
    this.savePart(part);
  }

  /** What a running tool shows. Too late when it has ended. */
  progress(callID: string, progress: ToolProgress): void {
    this.changeTool(callID, (part) => {
      if (part.state.status !== 'running') return part;
      return { ...part, state: { ...part.state, ...progress } };
    });
  }

  /** Ends what is open and completes the message. Partial text is kept. */
  async close(
    error?: AssistantMessage['error'],
    more: Pick<AssistantMessage, 'structured' | 'finish'> = {},
  ): Promise<void> {
    this.closeBlocks();
    this.saveMessage({ time: { ...this.message.time, completed: this.now() }, ...(error && { error }), ...more });
    clearTimeout(this.timer);
    await this.settled();
  }

  /** Brings growing texts to the store. */
  async flush(): Promise<void> {
    this.storeDirty();
    await this.settled();
  }

  /** Resolves when all that was applied is stored and published. */
  settled(): Promise<void> {
    return this.queue.settled();
  }

  private openBlock(type: Block['type'], id: string, metadata?: Record<string, unknown>): void {
    const part: Block = { ...this.ids(), type, text: '', time: { start: this.now() }, ...(metadata && { metadata }) };
    this.blocks.set(id, part);
    this.savePart(part);
  }

  private grow(id: string, delta: string, metadata?: Record<string, unknown>): void {
    const part = this.blocks.get(id);
    if (!part) return;
    const next = { ...part, text: part.text + delta, ...(metadata && { metadata }) };
    this.blocks.set(id, next);
    this.parts.set(next.id, next);
    this.dirty.add(next.id);
    const { sessionID, messageID, id: partID } = next;
    if (delta !== '')
      this.queue.add(() => this.publish('message.part.delta', { sessionID, messageID, partID, field: 'text', delta }));
    this.timer ??= setTimeout(() => this.storeDirty(), FLUSH_INTERVAL).unref();
  }

  private closeBlock(id: string, metadata?: Record<string, unknown>): void {
    const part = this.blocks.get(id);
    if (!part) return;
    this.blocks.delete(id);
    this.dirty.delete(part.id);
    const time = { start: part.time?.start ?? this.now(), end: this.now() };
    const done = { ...part, text: part.text.trimEnd(), time, ...(metadata && { metadata }) };
    if (done.type === 'text' && this.services.hooks.has('textComplete', this.instance)) this.completeText(done);
    else this.savePart(done);
  }

  /** Saves a text as hooks make it. One that fails leaves it as it is. */
  private completeText(part: TextPart): void {
    const { sessionID, messageID, id: partID } = part;
    this.parts.set(partID, part);
    this.queue.add(async () => {
      const context = { instance: this.instance, sessionID, messageID, partID };
      const text = await this.services.hooks.run('textComplete', part.text, context).catch((error: unknown) => {
        const message = (error as Error).message;
        this.publish('session.error', { sessionID, error: { name: 'UnknownError', data: { message } } });
        return part.text;
      });
      const changed = { ...part, text };
      this.parts.set(partID, changed);
      await this.services.messages.savePart(changed);
      this.publish('message.part.updated', { part: changed });
    });
  }

  private closeBlocks(): void {
    for (const id of [...this.blocks.keys()]) this.closeBlock(id);
  }

  private openTool(callID: string, tool: string): void {
    const part: ToolPart = {
      ...this.ids(),
      type: 'tool',
      callID,
      tool,
      state: { status: 'pending', input: {}, raw: '' },
    };
    this.tools.set(callID, part.id);
    this.savePart(part);
  }

  private changeTool(callID: string, change: (part: ToolPart) => ToolPart): void {
    const part = this.parts.get(this.tools.get(callID) ?? '');
    if (part?.type !== 'tool') return;
    const next = change(part);
    if (next !== part) this.savePart(next);
  }

  private completeTool(callID: string, result: ToolResult): void {
    this.changeTool(callID, (part) => ({
      ...part,
      state: {
        status: 'completed',
        input: part.state.input,
        output: result.output,
        title: result.title,
        metadata: result.metadata ?? {},
        time: { start: startOf(part) ?? this.now(), end: this.now() },
        ...(result.attachments && {
          attachments: result.attachments.map((file) => ({ ...this.ids(), type: 'file' as const, ...file })),
        }),
      },
    }));
  }

  private failTool(callID: string, error: string): void {
    this.changeTool(callID, (part) => ({
      ...part,
      state: {
        status: 'error',
        input: part.state.input,
        error,
        time: { start: startOf(part) ?? this.now(), end: this.now() },
        ...(part.state.status === 'running' && part.state.metadata && { metadata: part.state.metadata }),
      },
    }));
  }

  private savePart(part: Part): void {
    this.parts.set(part.id, part);
    this.queue.add(() => this.services.messages.savePart(part));
    this.queue.add(() => this.publish('message.part.updated', { part }));
  }

  private saveMessage(change: Partial<AssistantMessage>): void {
    const info = (this.message = { ...this.message, ...change });
    this.queue.add(() => this.services.messages.saveMessage(info));
    this.queue.add(() => this.publish('message.updated', { info }));
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

  private ids() {
    return { id: createId('part'), sessionID: this.message.sessionID, messageID: this.message.id };
  }

  private now(): number {
    return this.services.clock.now();
  }

  private publish<T extends EventType>(type: T, properties: EventMap[T]): void {
    this.services.bus.publish(this.instance, type, properties);
  }
}

function startOf(part: ToolPart): number | undefined {
  return 'time' in part.state ? part.state.time.start : undefined;
}
