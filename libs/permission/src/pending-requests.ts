import type { Instance } from '#libs/instance';
import type { AskPolicyService, Expiry } from './ask-policy.service.js';

/** A request that waits for an answer. */
export interface PendingRequest<Request, Answer> {
  readonly instance: Instance;
  readonly request: Request;
  /** Ends the wait; call it after {@link PendingRequests.take}. */
  resolve(answer: Answer): void;
  /** Ends the wait with a failure of the call. */
  reject(error: Error): void;
}

/** How a kind of requests is told and answered in the user's place. */
export interface RequestKind<Request, Answer> {
  /** What the request is about, for the policy of unanswered ones. */
  subject(request: Request): string;
  asked(pending: PendingRequest<Request, Answer>): void;
  /** Its call was aborted, or its instance ends: answer it. */
  abandoned(pending: PendingRequest<Request, Answer>): void;
  /** Nobody answered in time: answer it. */
  expired(pending: PendingRequest<Request, Answer>, expiry: Expiry): void;
}

/** The requests of one kind that wait for the user, in the order of asking. They live in memory. */
export class PendingRequests<Request extends { id: string; sessionID: string }, Answer> {
  private readonly pending = new Map<string, PendingRequest<Request, Answer>>();

  constructor(
    private readonly policy: AskPolicyService,
    private readonly kind: RequestKind<Request, Answer>,
  ) {}

  /** Asks, and waits until the request is answered, abandoned or expired. */
  async wait(instance: Instance, request: Request, signal?: AbortSignal): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const pending = { instance, request, resolve, reject };
    const answered = new AbortController();
    const giveUp = () => this.kind.abandoned(pending);
    this.pending.set(request.id, pending);
    signal?.addEventListener('abort', giveUp);
    // disposal waits for runs, and runs wait for answers: the signal comes before both
    instance.signal.addEventListener('abort', giveUp);
    try {
      this.kind.asked(pending);
      void this.watch(pending, answered.signal);
      return await promise;
    } finally {
      answered.abort();
      this.pending.delete(request.id);
      signal?.removeEventListener('abort', giveUp);
      instance.signal.removeEventListener('abort', giveUp);
    }
  }

  find(id: string): PendingRequest<Request, Answer> | undefined {
    return this.pending.get(id);
  }

  /** Takes a request off the list, to answer it; false when that was done already. */
  take({ request }: PendingRequest<Request, Answer>): boolean {
    return this.pending.delete(request.id);
  }

  ofInstance(instance: Instance): Request[] {
    return this.filter((each) => each.instance === instance).map((each) => each.request);
  }

  ofSessions(sessionIDs: Iterable<string>): PendingRequest<Request, Answer>[] {
    const ids = new Set(sessionIDs);
    return this.filter((each) => ids.has(each.request.sessionID));
  }

  private filter(fits: (pending: PendingRequest<Request, Answer>) => boolean): PendingRequest<Request, Answer>[] {
    return [...this.pending.values()].filter(fits);
  }

  private async watch(pending: PendingRequest<Request, Answer>, answered: AbortSignal): Promise<void> {
    const { request } = pending;
    const expiry = await this.policy.expiry(request.sessionID, this.kind.subject(request), answered);
    if (expiry) this.kind.expired(pending, expiry);
  }
}
