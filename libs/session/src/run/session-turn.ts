import { Injectable } from '@nestjs/common';
import { type OpenStep, runTurn, type StepEvent, type StepOutcome } from '#libs/agent';
import {
  type AssistantMessage,
  createId,
  type MessageError,
  type MessageWithParts,
  type SessionStatus,
  type UserMessage,
} from '#libs/contract';
import { Clock } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { costOf, toMessageError, tokensOf } from '#libs/provider';
import { abortedError } from '../message/aborted-error.js';
import { type MessageWriter, MessageWriterFactory } from '../message/message.writer.js';
import { TitleService } from '../title/title.service.js';
import { RequestBuilder } from './request.builder.js';
import { type PreparedTurn, TurnPreparation } from './turn-preparation.js';

export interface SessionTurnInput {
  instance: Instance;
  user: UserMessage;
  /** Ends the turn. */
  controller: AbortController;
  setStatus(status: SessionStatus): void;
  /** Told before the message with the error is completed. */
  onError(error: MessageError): void;
}

/** Makes the turns of all sessions. */
@Injectable()
export class SessionTurnFactory {
  constructor(
    readonly preparation: TurnPreparation,
    readonly requests: RequestBuilder,
    readonly writers: MessageWriterFactory,
    readonly titles: TitleService,
    readonly clock: Clock,
  ) {}

  create(input: SessionTurnInput): SessionTurn {
    return new SessionTurn(input, this);
  }
}

/** The way from one user message to its answer: opens a message for each step and writes what the loop tells. */
export class SessionTurn {
  private prepared: PreparedTurn | undefined;
  private writer: MessageWriter | undefined;

  constructor(
    private readonly input: SessionTurnInput,
    private readonly services: SessionTurnFactory,
  ) {}

  /** Resolves with the last message of the answer, which carries the error if there was one. */
  async run(): Promise<MessageWithParts> {
    const { signal } = this.input.controller;
    try {
      const outcome = await runTurn({
        clock: this.services.clock,
        signal,
        onIteration: () => this.input.setStatus({ type: 'busy' }),
        open: () => this.open(),
      });
      // aborted before there was a step
      if (!this.writer) await this.close(await this.openMessage(), outcome);
    } catch (error) {
      const outcome: StepOutcome = signal.aborted
        ? { kind: 'aborted' }
        : { kind: 'failed', error: this.toError(error) };
      await this.close(this.writer ?? (await this.openMessage()), outcome);
    }
    if (!this.writer) throw new Error('A turn ended without a message');
    return this.writer.state;
  }

  async flush(): Promise<void> {
    await this.writer?.flush();
  }

  private async open(): Promise<OpenStep> {
    const { instance, user } = this.input;
    const first = this.prepared === undefined;
    const prepared = (this.prepared ??= await this.services.preparation.prepare(instance, user));
    const writer = await this.openMessage();
    if (first) this.services.titles.start(instance, prepared);
    const tools = prepared.tools.forMessage({
      id: writer.state.info.id,
      progress: (callID, progress) => writer.progress(callID, progress),
      settled: () => writer.settled(),
    });
    return {
      request: {
        ...(await this.services.requests.build(instance, user, prepared)),
        tools,
        toError: (error) => this.toError(error),
      },
      emit: (event) => this.tell(event, writer, prepared),
      close: async (outcome) => {
        await this.close(writer, outcome);
        prepared.history.push(writer.state);
      },
    };
  }

  private tell(event: StepEvent, writer: MessageWriter, { model }: PreparedTurn): void {
    if (event.type === 'stream-open') return this.input.setStatus({ type: 'busy' });
    if (event.type === 'step-finish') {
      const tokens = tokensOf(event.usage, event.metadata, model);
      return writer.finishStep(event.reason, tokens, costOf(tokens, model));
    }
    if (event.type === 'retry') {
      const { attempt, message, next } = event;
      this.input.setStatus({ type: 'retry', attempt, message, next });
    }
    writer.apply(event);
  }

  private async openMessage(): Promise<MessageWriter> {
    const { instance, user, controller } = this.input;
    const id = createId('message');
    // a client whose clock is ahead must not get an answer that stands before its question
    const created = Math.max(this.services.clock.now(), user.time.created + (id < user.id ? 1 : 0));
    const message: AssistantMessage = {
      id,
      sessionID: user.sessionID,
      role: 'assistant',
      parentID: user.id,
      time: { created },
      modelID: user.model.modelID,
      providerID: user.model.providerID,
      mode: user.agent,
      agent: user.agent,
      path: { cwd: instance.directory, root: instance.worktree },
      cost: 0,
      tokens: { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } },
      ...(user.variant !== undefined && { variant: user.variant }),
    };
    // without storage the turn cannot go on
    const writer = this.services.writers.create(instance, message, (error) => controller.abort(error));
    this.writer = writer;
    await writer.open();
    return writer;
  }

  private async close(writer: MessageWriter, outcome: StepOutcome): Promise<void> {
    if (outcome.kind === 'finished') return writer.close();
    if (outcome.kind === 'aborted') return writer.close(abortedError());
    this.input.onError(outcome.error);
    return writer.close(outcome.error);
  }

  private toError(error: unknown): MessageError {
    return toMessageError(error, { providerID: this.input.user.model.providerID });
  }
}
