import { Injectable } from '@nestjs/common';
import type { FinishReason, StepEvent, ToolCall } from '#libs/agent';
import type { AssistantMessage, MessageWithParts, StepStartPart, TextPart, ToolPart } from '#libs/contract';
import { EventBus } from '#libs/event';
import { Clock, HookRegistry, inTime, MessageStore, type ToolProgress } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { completedCall, failedCall } from './ended-call.js';
import { type Block, MessageRecord } from './message-record.js';
import { UserMessageWriter } from './user-message.writer.js';

/** Milliseconds that what a model says waits for the snapshot of the files before it, which nearly always is there first. */
const SNAPSHOT_WAIT = 1_000;

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
    return new MessageWriter(instance, new MessageRecord(instance, message, this, onFailure), this);
  }
}

/** Writes one assistant message while it comes into being: what a step tells becomes parts. */
export class MessageWriter {
  /** Growing texts by the id of the model's block. */
  private readonly blocks = new Map<string, Block>();
  /** Parts of calls by the id of the call. */
  private readonly tools = new Map<string, string>();
  /** The files before the step; absent where they are not recorded. */
  private before: Promise<string | undefined> | undefined;

  constructor(
    private readonly instance: Instance,
    private readonly record: MessageRecord,
    private readonly services: MessageWriterFactory,
  ) {}

  get id(): string {
    return this.record.info.id;
  }

  get state(): MessageWithParts {
    return this.record.state;
  }

  /** Stores and publishes the message, which has nothing in it yet. @param turn when its turn began, in ms */
  async open(turn: number): Promise<void> {
    this.record.insert(turn);
    await this.settled();
  }

  /** Synchronous, in the order of the events. */
  apply(event: Exclude<StepEvent, { type: 'stream-open' | 'step-finish' }>): void {
    switch (event.type) {
      case 'step-start':
        return this.startStep({ ...this.record.identity(), type: 'step-start' });
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
        return this.changeTool(event.callID, (part) =>
          completedCall(part, event.result, this.now(), (file) => ({
            ...this.record.identity(),
            type: 'file',
            ...file,
          })),
        );
      case 'tool-failed':
        return this.changeTool(event.callID, (part) => failedCall(part, event.message, this.now()));
      case 'retry':
        return this.closeBlocks();
    }
  }

  /** The snapshot of the files before the step, which is told with its start. Never rejects. */
  startFrom(snapshot: Promise<string | undefined>): void {
    this.before = snapshot;
  }

  /** The files the step changed. */
  patch({ hash, files }: { hash: string; files: string[] }): void {
    this.record.save({ ...this.record.identity(), type: 'patch', hash, files });
  }

  /** The model's account of the step. @param cost US dollars @param snapshot of the files after it */
  finishStep(reason: FinishReason, tokens: AssistantMessage['tokens'], cost: number, snapshot?: string): void {
    this.record.save({
      ...this.record.identity(),
      type: 'step-finish',
      reason,
      ...(snapshot !== undefined && { snapshot }),
      cost,
      tokens,
    });
    this.record.saveInfo({ finish: reason, tokens, cost: this.record.info.cost + cost });
  }

  /** A call that no model makes: it runs from the start. */
  startTool({ callID, tool, input }: ToolCall, partID?: string): void {
    const state = { status: 'running' as const, input, time: { start: this.now() } };
    const id = partID === undefined ? {} : { id: partID };
    const part: ToolPart = { ...this.record.identity(), ...id, type: 'tool', callID, tool, state };
    this.tools.set(callID, part.id);
    this.record.save(part);
  }

  /** What a running tool shows. Too late when it has ended. */
  progress(callID: string, progress: ToolProgress): void {
    this.changeTool(callID, (part) => {
      if (part.state.status !== 'running') return part;
      return { ...part, state: { ...part.state, ...progress } };
    });
  }

  /** A call runs with other arguments than those of the model. */
  changeInput(callID: string, input: Record<string, unknown>): void {
    this.changeTool(callID, (part) => ({ ...part, state: { ...part.state, input } }));
  }

  /** Ends what is open and completes the message. Partial text is kept. */
  async close(
    error?: AssistantMessage['error'],
    more: Pick<AssistantMessage, 'structured' | 'finish'> = {},
  ): Promise<void> {
    this.closeBlocks();
    this.record.saveInfo({
      time: { ...this.record.info.time, completed: this.now() },
      ...(error && { error }),
      ...more,
    });
    await this.record.flush();
  }

  /** Brings growing texts to the store. */
  async flush(): Promise<void> {
    await this.record.flush();
  }

  /** Resolves when all that was applied is stored and published. */
  settled(): Promise<void> {
    return this.record.settled();
  }

  private startStep(part: StepStartPart): void {
    const { before } = this;
    if (before) this.record.saveFormed(part, () => this.withSnapshot(part, before));
    else this.record.save(part);
  }

  /** The part with its snapshot. Where that takes too long, the part is told without it and again when it is there. */
  private async withSnapshot(part: StepStartPart, before: Promise<string | undefined>): Promise<StepStartPart> {
    const formed = (snapshot: string | undefined) => (snapshot === undefined ? part : { ...part, snapshot });
    try {
      return formed(await inTime(before, { milliseconds: SNAPSHOT_WAIT }));
    } catch {
      void before.then((snapshot) => {
        if (snapshot !== undefined) this.record.save(formed(snapshot));
      });
      return part;
    }
  }

  private openBlock(type: Block['type'], id: string, metadata?: Record<string, unknown>): void {
    const part: Block = {
      ...this.record.identity(),
      type,
      text: '',
      time: { start: this.now() },
      ...(metadata && { metadata }),
    };
    this.blocks.set(id, part);
    this.record.save(part);
  }

  private grow(id: string, delta: string, metadata?: Record<string, unknown>): void {
    const part = this.blocks.get(id);
    if (!part) return;
    const next = { ...part, text: part.text + delta, ...(metadata && { metadata }) };
    this.blocks.set(id, next);
    this.record.grow(next, delta);
  }

  private closeBlock(id: string, metadata?: Record<string, unknown>): void {
    const part = this.blocks.get(id);
    if (!part) return;
    this.blocks.delete(id);
    const time = { start: part.time?.start ?? this.now(), end: this.now() };
    const done = { ...part, text: part.text.trimEnd(), time, ...(metadata && { metadata }) };
    if (done.type === 'text' && this.services.hooks.has('textComplete', this.instance))
      this.record.saveFormed(done, () => this.hooked(done));
    else this.record.save(done);
  }

  /** A text as hooks make it. One that fails leaves it as it is. */
  private async hooked(part: TextPart): Promise<TextPart> {
    const { instance, services } = this;
    const { sessionID, messageID, id: partID } = part;
    try {
      const context = { instance, sessionID, messageID, partID };
      return { ...part, text: await services.hooks.run('textComplete', part.text, context) };
    } catch (error) {
      const { message } = error as Error;
      services.bus.publish(instance, 'session.error', {
        sessionID,
        error: { name: 'UnknownError', data: { message } },
      });
      return part;
    }
  }

  private closeBlocks(): void {
    for (const id of [...this.blocks.keys()]) this.closeBlock(id);
  }

  private openTool(callID: string, tool: string): void {
    const part: ToolPart = {
      ...this.record.identity(),
      type: 'tool',
      callID,
      tool,
      state: { status: 'pending', input: {}, raw: '' },
    };
    this.tools.set(callID, part.id);
    this.record.save(part);
  }

  private changeTool(callID: string, change: (part: ToolPart) => ToolPart): void {
    const part = this.record.part(this.tools.get(callID));
    if (part?.type !== 'tool') return;
    const next = change(part);
    if (next !== part) this.record.save(next);
  }

  private now(): number {
    return this.services.clock.now();
  }
}
