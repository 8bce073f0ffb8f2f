import { Injectable } from '@nestjs/common';
import type { OpenStep, StepOutcome, Verdict } from '#libs/agent';
import type { TokenUsage } from '#libs/contract';
import type { HandOver } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { costOf, tokensOf } from '#libs/provider';
import type { TurnCompaction } from '../compaction/turn-compaction.js';
import type { MessageWriter } from '../message/message.writer.js';
import { SessionSnapshots } from '../snapshot/session-snapshots.service.js';
import type { TurnSnapshots } from '../snapshot/turn-snapshots.js';
import { RequestBuilder } from './request.builder.js';
import { TurnBackground } from './turn-background.js';
import type { TurnMessages } from './turn-messages.js';
import type { PreparedTurn } from './turn-preparation.js';

/** Makes the answer steps of all turns. */
@Injectable()
export class AnswerStepsFactory {
  constructor(
    readonly requests: RequestBuilder,
    readonly background: TurnBackground,
    readonly snapshots: SessionSnapshots,
  ) {}

  create(instance: Instance, messages: TurnMessages, compaction: TurnCompaction): AnswerSteps {
    return new AnswerSteps(instance, messages, compaction, this);
  }
}

/** How an answer step went, beside its outcome. */
interface StepAccount {
  /** The turn may make no further step. */
  last: boolean;
  /** Present when the step finished. */
  tokens: TokenUsage | undefined;
}

/** The steps of one turn in which the model answers, with the files around them. */
export class AnswerSteps {
  private readonly snapshots: TurnSnapshots;
  private count = 0;
  private handOver: HandOver | undefined;

  constructor(
    private readonly instance: Instance,
    private readonly messages: TurnMessages,
    private readonly compaction: TurnCompaction,
    private readonly services: AnswerStepsFactory,
  ) {
    this.snapshots = services.snapshots.ofTurn(instance);
  }

  /** The agent that a tool of the last step gave the work to, once. */
  takeHandOver(): HandOver | undefined {
    const { handOver } = this;
    this.handOver = undefined;
    return handOver;
  }

  async open(turn: PreparedTurn): Promise<OpenStep> {
    const { instance, messages } = this;
    const { background, requests } = this.services;
    const { model, structured } = turn;
    const { asked } = turn.conversation;
    const last = ++this.count >= (turn.agent.steps ?? Infinity);
    // while the model thinks; tools wait for it, and what is said a moment at most
    const files = this.snapshots.begin();
    const writer = await messages.open(asked);
    writer.startFrom(files.before);
    if (this.count === 1) background.start(instance, turn);
    // in its last step a turn can only answer
    const offered = last ? [] : await turn.tools.offer();
    const tools = files.gate(turn.tools.forMessage(writer, offered));
    let account = (_snapshot?: string): void => undefined;
    let tokens: TokenUsage | undefined;
    return {
      request: {
        ...(await requests.build(instance, turn, { last, offered })),
        tools: structured?.withTool(tools) ?? tools,
      },
      emit: (event) => {
        if (event.type === 'tool-completed') this.handOver = event.result.handOver ?? this.handOver;
        if (event.type !== 'step-finish') return messages.tell(event, writer);
        const used = (tokens = tokensOf(event.usage, event.metadata, model));
        account = (snapshot) => writer.finishStep(event.reason, used, costOf(used, model), snapshot);
      },
      close: async (outcome) => {
        const { snapshot, patch } = await files.end();
        account(snapshot);
        if (patch) writer.patch(patch);
        const verdict = await this.judge(outcome, writer, turn, { last, tokens });
        if (patch) background.changed(instance, asked, this.snapshots);
        return verdict;
      },
    };
  }

  /** Closes the message of a step as it deserves, and says what follows. */
  private async judge(
    outcome: StepOutcome,
    writer: MessageWriter,
    turn: PreparedTurn,
    { last, tokens }: StepAccount,
  ): Promise<Verdict | undefined> {
    const answer = outcome.kind === 'finished' ? turn.structured?.judge(outcome, last) : undefined;
    if (answer?.verdict === 'end') {
      // a missing answer is no failure of the session: clients find it on the message only
      await writer.close(answer.error, answer.error ? {} : { structured: answer.structured });
      return 'end';
    }
    const { conversation } = turn;
    const remedy = last ? undefined : await this.compaction.judge(outcome, tokens, turn);
    if (remedy === 'compact') {
      await writer.close(outcome.kind === 'failed' ? outcome.error : undefined);
      conversation.add(writer.state);
      await this.compaction.ask(conversation, outcome.kind === 'failed');
      return 'go-on';
    }
    // the account of the step comes before its failure
    if (remedy) await writer.settled();
    await this.messages.close(writer, remedy ? { kind: 'failed', error: remedy } : outcome);
    conversation.add(writer.state);
    if (remedy) return 'fail';
    if (last && outcome.kind === 'finished') return 'end';
    return answer?.verdict;
  }
}
