import { Injectable } from '@nestjs/common';
import { type OpenStep, runTurn, type StepEvent, type StepOutcome, type Verdict } from '#libs/agent';
import {
  type AssistantMessage,
  createId,
  type MessageError,
  type MessageWithParts,
  type TokenUsage,
  type UserMessage,
} from '#libs/contract';
import type { Instance } from '#libs/instance';
import { costOf, toMessageError, tokensOf } from '#libs/provider';
import { type DueCompaction, type TurnCompaction, TurnCompactionFactory } from '../compaction/turn-compaction.js';
import { abortedError } from '../message/aborted-error.js';
import { type MessageWriter, MessageWriterFactory } from '../message/message.writer.js';
import { StructuredOutput } from '../output/structured-output.js';
import type { TurnSnapshots } from '../snapshot/turn-snapshots.js';
import { RequestBuilder } from './request.builder.js';
import type { RunTurn, TurnSurroundings } from './run-turn.js';
import { TurnBackground } from './turn-background.js';
import { runSubtasks, SUBTASKS_DONE, subtasksOf } from '../subagent/subtask-steps.js';
import { type CallingMessage } from './tool-caller.js';
import { type PreparedTurn, TurnPreparation } from './turn-preparation.js';

export interface SessionTurnInput extends TurnSurroundings {
  user: UserMessage;
}

/** Makes the turns of all sessions. */
@Injectable()
export class SessionTurnFactory {
  constructor(
    readonly preparation: TurnPreparation,
    readonly requests: RequestBuilder,
    readonly writers: MessageWriterFactory,
    readonly background: TurnBackground,
    readonly compactions: TurnCompactionFactory,
  ) {}

  create(input: SessionTurnInput): SessionTurn {
    return new SessionTurn(input, this);
  }
}

/** The way from one user message to its answer: opens a message for each step and writes what the loop tells. */
export class SessionTurn implements RunTurn {
  private prepared: PreparedTurn | undefined;
  private writer: MessageWriter | undefined;
  private readonly snapshots: TurnSnapshots;
  private readonly compaction: TurnCompaction;
  private structured: StructuredOutput | undefined;
  /** What is being answered: the prompt, or what makes the work go on after a summary. */
  private user: UserMessage;
  private steps = 0;

  constructor(
    private readonly input: SessionTurnInput,
    private readonly services: SessionTurnFactory,
  ) {
    this.snapshots = services.background.record(input.instance);
    this.compaction = services.compactions.create(input.instance);
    this.user = input.user;
  }

  /** Resolves with the last message of the answer, which carries the error if there was one. */
  async run(): Promise<MessageWithParts> {
    const { signal } = this.input.controller;
    try {
      const outcome = await runTurn({
        clock: this.services.writers.clock,
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
    await this.services.background.settled(this.input.user.sessionID);
    return this.writer.state;
  }

  async flush(): Promise<void> {
    await this.writer?.flush();
  }

  private async open(): Promise<OpenStep> {
    const { instance } = this.input;
    const prepared = (this.prepared ??= await this.begin());
    const due = this.compaction.take();
    return due ? this.openSummary(due, prepared) : this.openStep(instance, prepared);
  }

  private async begin(): Promise<PreparedTurn> {
    const prepared = await this.services.preparation.prepare(this.input.instance, this.user);
    await this.runSubtasks(prepared);
    this.structured = await StructuredOutput.for(this.user);
    await this.compaction.begin(this.user, prepared);
    return prepared;
  }

  /** The subtasks of the prompt, before the agent itself is asked; what follows answers their message if there is one. */
  private async runSubtasks(prepared: PreparedTurn): Promise<void> {
    const { instance, controller } = this.input;
    const { signal } = controller;
    const parts = subtasksOf(prepared.history, this.user);
    if (parts.length === 0) return;
    this.services.background.start(instance, this.user, prepared);
    await runSubtasks(parts, {
      signal,
      now: () => this.services.writers.clock.now(),
      open: ({ agent, model }) => this.openMessage(this.user, { agent, mode: agent, ...model }),
      execute: (call, writer) => prepared.tools.executeSubtask(call, signal, callingMessage(writer)),
      done: (writer) => {
        prepared.history.push(writer.state);
        this.writer = undefined;
        this.input.setStatus({ type: 'busy' });
      },
    });
    if (!parts.some(({ command }) => command !== undefined)) return;
    const { id: _id, role: _role, time: _time, summary: _summary, ...message } = this.user;
    const text = { type: 'text' as const, synthetic: true, text: SUBTASKS_DONE };
    const next = await this.services.writers.userMessages.write(instance, message, [text]);
    prepared.history.push(next);
    this.user = next.info;
  }

  private async openStep(instance: Instance, prepared: PreparedTurn): Promise<OpenStep> {
    const { user, structured } = this;
    const last = ++this.steps >= (prepared.agent.steps ?? Infinity);
    // while the model thinks; tools wait for it, tokens do not
    const files = this.snapshots.begin();
    const writer = await this.openMessage();
    void files.before.then((snapshot) => writer.startFrom(snapshot));
    if (this.steps === 1) this.services.background.start(instance, user, prepared);
    const called = prepared.tools.forMessage(callingMessage(writer));
    const tools = files.gate(last ? { ...called, offered: [] } : called);
    let account = (_snapshot?: string): void => undefined;
    let tokens: TokenUsage | undefined;
    return {
      request: {
        ...(await this.services.requests.build(instance, user, prepared, { last, structured })),
        tools: structured?.withTool(tools) ?? tools,
        toError: (error) => this.toError(error),
      },
      emit: (event) => {
        if (event.type !== 'step-finish') return this.tell(event, writer);
        const used = (tokens = tokensOf(event.usage, event.metadata, prepared.model));
        account = (snapshot) => writer.finishStep(event.reason, used, costOf(used, prepared.model), snapshot);
      },
      close: async (outcome) => {
        const { snapshot, patch } = await files.end();
        account(snapshot);
        if (patch) writer.patch(patch);
        const verdict = await this.judge(outcome, writer, prepared, { last, tokens });
        if (patch) this.services.background.changed(instance, user, this.snapshots);
        return verdict;
      },
    };
  }

  /** Closes the message of a step as it deserves, and says what follows. */
  private async judge(
    outcome: StepOutcome,
    writer: MessageWriter,
    prepared: PreparedTurn,
    { last, tokens }: { last: boolean; tokens: TokenUsage | undefined },
  ): Promise<Verdict | undefined> {
    const answer = outcome.kind === 'finished' ? this.structured?.judge(outcome, last) : undefined;
    if (answer?.verdict === 'end') {
      // a missing answer is no failure of the session: clients find it on the message only
      await writer.close(answer.error, answer.error ? {} : { structured: answer.structured });
      return 'end';
    }
    const { history } = prepared;
    const remedy = last ? undefined : await this.compaction.judge(outcome, tokens, prepared);
    if (remedy === 'compact') {
      await writer.close(outcome.kind === 'failed' ? outcome.error : undefined);
      history.push(writer.state);
      await this.compaction.ask(this.user, history, outcome.kind === 'failed');
      return 'go-on';
    }
    // the account of the step comes before its failure
    if (remedy) await writer.settled();
    await this.close(writer, remedy ? { kind: 'failed', error: remedy } : outcome);
    history.push(writer.state);
    if (remedy) return 'fail';
    if (last && outcome.kind === 'finished') return 'end';
    return answer?.verdict;
  }

  /** The step that puts a summary into the place of the conversation. */
  private async openSummary(due: DueCompaction, prepared: PreparedTurn): Promise<OpenStep> {
    // should this fail, it is no failure of the message before
    this.writer = undefined;
    const { model, message, request } = await this.compaction.prepare(due, prepared.history);
    const writer = await this.openMessage(due.user, message);
    return {
      request: { ...request, toError: (error) => toMessageError(error, { providerID: model.providerID }) },
      emit: (event) => {
        if (event.type !== 'step-finish') return this.tell(event, writer);
        const tokens = tokensOf(event.usage, event.metadata, model);
        writer.finishStep(event.reason, tokens, costOf(tokens, model));
      },
      close: async (ended) => {
        const outcome = this.compaction.outcomeOf(ended, writer.state);
        await this.close(writer, outcome);
        if (outcome.kind !== 'finished') return 'fail';
        const next = await this.compaction.finish(due, writer.state, prepared.history, this.user);
        if (!next) return 'end';
        this.user = next;
        return 'go-on';
      },
    };
  }

  private tell(event: Exclude<StepEvent, { type: 'step-finish' }>, writer: MessageWriter): void {
    if (event.type === 'stream-open') return this.input.setStatus({ type: 'busy' });
    if (event.type === 'retry') {
      const { attempt, message, next } = event;
      this.input.setStatus({ type: 'retry', attempt, message, next });
    }
    writer.apply(event);
  }

  private async openMessage(user = this.user, more: Partial<AssistantMessage> = {}): Promise<MessageWriter> {
    const { instance, controller } = this.input;
    const id = createId('message');
    // a client whose clock is ahead must not get an answer that stands before its question
    const created = Math.max(this.services.writers.clock.now(), user.time.created + (id < user.id ? 1 : 0));
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
      ...more,
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

const callingMessage = (writer: MessageWriter): CallingMessage => ({
  id: writer.state.info.id,
  progress: (callID, progress) => writer.progress(callID, progress),
  settled: () => writer.settled(),
});
