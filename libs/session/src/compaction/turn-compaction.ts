import { Injectable } from '@nestjs/common';
import type { StepOutcome } from '#libs/agent';
import type { ContextOverflowError, MessageWithParts, Model, TokenUsage, UserMessage } from '#libs/contract';
import { EventBus } from '#libs/event';
import type { Instance } from '#libs/instance';
import type { TurnPlace } from '../message/turn-place.js';
import type { Conversation } from '../turn/conversation.js';
import type { PreparedTurn } from '../turn/turn-preparation.js';
import { CompactionService, type PreparedCompaction } from './compaction.service.js';
import { ContextLimitService } from './context-limit.service.js';

/** Makes the compactions of all turns. */
@Injectable()
export class TurnCompactionFactory {
  constructor(
    readonly compactions: CompactionService,
    readonly limits: ContextLimitService,
    readonly bus: EventBus,
  ) {}

  create(instance: Instance, place: TurnPlace): TurnCompaction {
    return new TurnCompaction(instance, place, this);
  }
}

/** A summary that was asked for. */
export interface DueCompaction {
  user: UserMessage;
  /** Asked for by the server, which then goes on with the work. */
  auto: boolean;
  /** The conversation was too long for the provider. */
  short: boolean;
}

/** What is done about a step that filled the context, or found it full. */
export type Remedy = 'compact' | ContextOverflowError;

/** Keeps the conversation of one turn within the context of its model. */
export class TurnCompaction {
  private due: DueCompaction | undefined;
  /** A summary was made, and no step has shown yet that it helped. */
  private fresh = false;

  constructor(
    private readonly instance: Instance,
    private readonly place: TurnPlace,
    private readonly services: TurnCompactionFactory,
  ) {}

  /** Looks at the turn before its first step: it may ask for a summary itself, or start with a full context. */
  async begin({ conversation, measured, model }: PreparedTurn): Promise<void> {
    const request = conversation.askedParts.find((part) => part.type === 'compaction');
    if (request) this.due = { user: conversation.asked, auto: request.auto, short: false };
    else if (measured && (await this.services.limits.isFull(this.instance, measured.tokens, model)))
      await this.ask(conversation, false);
  }

  /** The summary that is to be made now, once. */
  take(): DueCompaction | undefined {
    const { due } = this;
    this.due = undefined;
    return due;
  }

  /**
   * Judges a step. Undefined when the context is no trouble, or nothing can be done about it.
   * @param tokens of the step, when it finished
   */
  async judge(
    outcome: StepOutcome,
    tokens: TokenUsage | undefined,
    { model, conversation }: PreparedTurn,
  ): Promise<Remedy | undefined> {
    if (outcome.kind === 'failed') {
      const { error } = outcome;
      if (error.name !== 'ContextOverflowError' || this.fresh) return undefined;
      // a prompt alone does not become shorter
      if (!conversation.history.some(({ info }) => info.role === 'assistant' && !info.error)) return undefined;
      return (await this.services.limits.isAutomatic(this.instance)) ? 'compact' : undefined;
    }
    if (outcome.kind !== 'finished' || outcome.final || !tokens) return undefined;
    const full = await this.services.limits.isFull(this.instance, tokens, model);
    if (!full) this.fresh = false;
    if (!full || !this.fresh) return full ? 'compact' : undefined;
    // the work is done; only a turn that goes on cannot
    return outcome.reason === 'tool-calls' ? hopeless(model) : undefined;
  }

  /** Asks for a summary of what was said so far. */
  async ask(conversation: Conversation, short: boolean): Promise<void> {
    const message = await this.services.compactions.ask(this.instance, conversation.asked, true, this.place);
    conversation.add(message);
    this.due = { user: message.info, auto: true, short };
  }

  prepare({ user, short }: DueCompaction, { history }: Conversation): Promise<PreparedCompaction> {
    return this.services.compactions.prepare(this.instance, user, history, short);
  }

  /** Puts the summary into the place of the conversation, and makes the work go on if the server asked for it. */
  async finish({ user, auto }: DueCompaction, summary: MessageWithParts, conversation: Conversation): Promise<void> {
    this.fresh = true;
    conversation.condense(user.id, summary);
    const { bus, compactions } = this.services;
    if (auto) conversation.goOn(await compactions.goOn(this.instance, conversation.asked, this.place));
    bus.publish(this.instance, 'session.compacted', { sessionID: user.sessionID });
  }
}

function hopeless({ providerID, id }: Model): ContextOverflowError {
  const message = `The conversation does not fit the context of ${providerID}/${id}, not even after it was summarised. Use a model with a larger context, start a new session, or offer fewer tools and instructions.`;
  return { name: 'ContextOverflowError', data: { message } };
}
