import { Injectable } from '@nestjs/common';
import { type OpenStep, runTurn, type StepOutcome } from '#libs/agent';
import type { MessageWithParts, UserMessage } from '#libs/contract';
import { openSummaryStep } from '../compaction/summary-step.js';
import { type TurnCompaction, TurnCompactionFactory } from '../compaction/turn-compaction.js';
import { MessageWriterFactory } from '../message/message.writer.js';
import { TurnPlace } from '../message/turn-place.js';
import type { RunTurn, TurnSurroundings } from '../run/run-turn.js';
import { SubtaskSteps, subtasksOf } from '../subagent/subtask-steps.js';
import { type AnswerSteps, AnswerStepsFactory } from './answer-steps.js';
import { TurnBackground } from './turn-background.js';
import { TurnMessages } from './turn-messages.js';
import { type PreparedTurn, TurnPreparation } from './turn-preparation.js';

export interface SessionTurnInput extends TurnSurroundings {
  user: UserMessage;
}

/** Makes the turns of all sessions. */
@Injectable()
export class SessionTurnFactory {
  constructor(
    readonly preparation: TurnPreparation,
    readonly answers: AnswerStepsFactory,
    readonly writers: MessageWriterFactory,
    readonly background: TurnBackground,
    readonly compactions: TurnCompactionFactory,
  ) {}

  create(input: SessionTurnInput): SessionTurn {
    return new SessionTurn(input, this);
  }
}

/** The way from one user message to its answer: subtasks first, then summaries and answer steps as they are due. */
export class SessionTurn implements RunTurn {
  private readonly messages: TurnMessages;
  private readonly compaction: TurnCompaction;
  private readonly answers: AnswerSteps;
  private prepared: PreparedTurn | undefined;

  constructor(
    private readonly input: SessionTurnInput,
    private readonly services: SessionTurnFactory,
  ) {
    const place = new TurnPlace(input.user);
    this.messages = new TurnMessages(input, place, services.writers);
    this.compaction = services.compactions.create(input.instance, place);
    this.answers = services.answers.create(input.instance, this.messages, this.compaction);
  }

  get history(): readonly MessageWithParts[] {
    return this.prepared?.conversation.history ?? [];
  }

  /** Resolves with the last message of the answer, which carries the error if there was one. */
  async run(): Promise<MessageWithParts> {
    const { controller, setStatus, user } = this.input;
    const { signal } = controller;
    try {
      const outcome = await runTurn({
        clock: this.services.writers.clock,
        signal,
        onIteration: () => setStatus({ type: 'busy' }),
        open: () => this.open(),
      });
      // aborted before there was a step
      if (!this.messages.newest) await this.end(outcome);
    } catch (error) {
      const failed = () => ({ kind: 'failed' as const, error: this.services.preparation.failure(error, user) });
      await this.end(signal.aborted ? { kind: 'aborted' } : failed());
    }
    if (!this.messages.newest) throw new Error('A turn ended without a message');
    await this.services.background.settled(user.sessionID);
    return this.messages.newest.state;
  }

  async flush(): Promise<void> {
    await this.messages.newest?.flush();
  }

  /** Ends a turn between its steps, on its newest message or on one of its own. */
  private async end(outcome: StepOutcome): Promise<void> {
    const asked = this.prepared?.conversation.asked ?? this.input.user;
    await this.messages.close(this.messages.newest ?? (await this.messages.open(asked)), outcome);
  }

  private async open(): Promise<OpenStep> {
    const turn = this.prepared ?? (await this.begin());
    const { answers, compaction, messages } = this;
    const due = compaction.take();
    if (due) return openSummaryStep({ due, compaction, conversation: turn.conversation, messages });
    return answers.open((await this.handedOver(turn)) ?? turn);
  }

  /** The turn as it goes on with the agent that a tool named. */
  private async handedOver({ conversation }: PreparedTurn): Promise<PreparedTurn | undefined> {
    const handOver = this.answers.takeHandOver();
    if (!handOver) return undefined;
    const { info } = await this.messages.follow({ ...conversation.asked, agent: handOver.agent }, handOver.text);
    return (this.prepared = await this.services.preparation.prepare(this.input.instance, info));
  }

  private async begin(): Promise<PreparedTurn> {
    const { instance, user } = this.input;
    const turn = (this.prepared = await this.services.preparation.prepare(instance, user));
    const subtasks = subtasksOf(turn);
    if (subtasks.length > 0) {
      this.services.background.start(instance, turn);
      await new SubtaskSteps(this.input, this.messages, this.services.writers).run(subtasks, turn);
    }
    await this.compaction.begin(turn);
    return turn;
  }
}
