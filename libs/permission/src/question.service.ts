import { Injectable } from '@nestjs/common';
import { createId, NotFoundError, type QuestionAnswer, type QuestionRequest } from '#libs/contract';
import { EventBus } from '#libs/event';
import type { Instance } from '#libs/instance';
import { AskPolicyService } from './ask-policy.service.js';
import { type PendingRequest, PendingRequests } from './pending-requests.js';
import { QuestionRejectedError } from './question.error.js';

/** What is asked, and by whom. */
export interface QuestionAsk extends Omit<QuestionRequest, 'id'> {
  /** When it aborts, open questions count as rejected. */
  signal?: AbortSignal;
}

type PendingQuestion = PendingRequest<QuestionRequest, QuestionAnswer[]>;

/**
 * Asks the user: the questions are published and wait for answers. They live in memory, as long as their instance.
 * @publicApi
 */
@Injectable()
export class QuestionService {
  private readonly requests: PendingRequests<QuestionRequest, QuestionAnswer[]>;

  constructor(
    private readonly events: EventBus,
    policy: AskPolicyService,
  ) {
    this.requests = new PendingRequests(policy, {
      subject: () => 'question',
      asked: ({ instance, request }) => events.publish(instance, 'question.asked', request),
      abandoned: (pending) => this.dismiss(pending),
      expired: (pending, { action, waited }) => {
        if (action === 'deny') this.dismiss(pending, QuestionRejectedError.unanswered(waited));
        else
          this.answer(
            pending,
            pending.request.questions.map(() => []),
          );
      },
    });
  }

  /**
   * Resolves to the chosen labels, question by question, as the client sent them: some may be missing.
   * Rejects with {@link QuestionRejectedError}.
   */
  async ask(instance: Instance, { signal, ...ask }: QuestionAsk): Promise<QuestionAnswer[]> {
    if (signal?.aborted || instance.signal.aborted) throw new QuestionRejectedError();
    return this.requests.wait(instance, { id: createId('question'), ...ask }, signal);
  }

  /** Open questions, oldest first. */
  list(instance: Instance): QuestionRequest[] {
    return this.requests.ofInstance(instance);
  }

  /** Open questions of some sessions, as of one and its descendants, oldest first. */
  listForSessions(sessionIDs: Iterable<string>): QuestionRequest[] {
    return this.requests.ofSessions(sessionIDs).map(({ request }) => request);
  }

  /** Answers, whatever instance the questions belong to. */
  reply(requestID: string, answers: QuestionAnswer[]): void {
    this.answer(this.find(requestID), answers);
  }

  /** Dismisses, whatever instance the questions belong to. */
  reject(requestID: string): void {
    this.dismiss(this.find(requestID));
  }

  /** Dismisses whatever a session still asks: it was aborted or deleted. */
  rejectSession(sessionID: string): void {
    for (const pending of this.requests.ofSessions([sessionID])) this.dismiss(pending);
  }

  private find(requestID: string): PendingQuestion {
    const pending = this.requests.find(requestID);
    if (!pending) throw new NotFoundError(`Question request not found: ${requestID}`);
    return pending;
  }

  private answer(pending: PendingQuestion, answers: QuestionAnswer[]): void {
    if (!this.requests.take(pending)) return;
    const { id, sessionID } = pending.request;
    this.events.publish(pending.instance, 'question.replied', { sessionID, requestID: id, answers });
    pending.resolve(answers);
  }

  private dismiss(pending: PendingQuestion, error = new QuestionRejectedError()): void {
    if (!this.requests.take(pending)) return;
    const { id, sessionID } = pending.request;
    this.events.publish(pending.instance, 'question.rejected', { sessionID, requestID: id });
    pending.reject(error);
  }
}
