import { Injectable, Optional } from '@nestjs/common';
import {
  type PermissionAction,
  type PermissionReplyInput,
  type PermissionRequest,
  type PermissionRuleset,
  NotFoundError,
  createId,
} from '#libs/contract';
import { EventBus } from '#libs/event';
import { HookRegistry, PermissionPolicy, type ToolPermission } from '#libs/extension';
import { type Instance, InstanceState } from '#libs/instance';
import { AskPolicyService } from './ask-policy.service.js';
import { type PendingRequest, PendingRequests } from './pending-requests.js';
import { PermissionCorrectedError, PermissionDeniedError, PermissionRejectedError } from './permission.error.js';
import { evaluate, judge } from './ruleset.js';
import { matchWildcard } from './wildcard.js';

/** What is asked for, by whom, and under which rules. */
export interface PermissionAsk extends ToolPermission {
  sessionID: string;
  /** The call that needs it. */
  tool?: PermissionRequest['tool'];
  /** Rules of the agent, then those of the session. */
  ruleset: PermissionRuleset;
  /** When it aborts, an open question counts as rejected. */
  signal?: AbortSignal;
}

/** How a request was answered. */
export type PermissionReply = PermissionReplyInput['reply'];

type PendingPermission = PendingRequest<PermissionRequest, void>;

/**
 * Tools whose work is to ask the user. Where the rules say that the user is to be asked about them, they may go on: one
 * dialog is enough.
 */
const ASKING = new Set(['question', 'plan_enter', 'plan_exit']);

/**
 * Decides by rules, and where the rules say `ask`, by asking: the request is published and waits for a reply.
 * Requests and "always" approvals live in memory, as long as their instance.
 * @publicApi
 */
@Injectable()
export class PermissionService {
  private readonly requests: PendingRequests<PermissionRequest, void>;
  private readonly approvals = new InstanceState((): PermissionRuleset => []);

  constructor(
    private readonly events: EventBus,
    waiting: AskPolicyService,
    private readonly hooks: HookRegistry,
    @Optional() private readonly policy?: PermissionPolicy,
  ) {
    this.requests = new PendingRequests(waiting, {
      subject: ({ permission }) => permission,
      asked: ({ instance, request }) => events.publish(instance, 'permission.asked', request),
      abandoned: (pending) => this.resolve(pending, 'reject', new PermissionRejectedError()),
      expired: (pending, { action, waited }) => {
        if (action === 'allow') this.resolve(pending, 'once');
        else this.resolve(pending, 'reject', PermissionRejectedError.unanswered(waited));
      },
    });
  }

  /**
   * Resolves when every pattern is allowed, by the rules or by the user. A single denied pattern fails the whole
   * request before anybody is asked.
   */
  async ask(instance: Instance, ask: PermissionAsk): Promise<void> {
    const { ruleset, signal, spellings = {}, ...rest } = ask;
    const approved = this.approvals.find(instance) ?? [];
    const { permission } = rest;
    const byRules = rest.patterns.map((pattern) => {
      // what was approved is an answer to the pattern as it is written
      const denied = judge({ permission, pattern, spellings: spellings[pattern] ?? [] }, [ruleset]).action === 'deny';
      return denied && spellings[pattern] ? 'deny' : evaluate(permission, pattern, ruleset, approved).action;
    });
    const actions = this.policy ? await this.decide(this.policy, instance, { ...rest, ruleset }, byRules) : byRules;
    if (actions.includes('deny'))
      throw new PermissionDeniedError(ruleset.filter((rule) => matchWildcard(rest.permission, rule.permission)));
    if (!actions.includes('ask') || ASKING.has(rest.permission)) return;
    if (signal?.aborted || instance.signal.aborted) throw new PermissionRejectedError();
    const request = { id: createId('permission'), ...rest };
    if (this.hooks.has('permission', instance)) {
      const verdict = await this.hooks.run('permission', 'ask', { instance, request });
      if (verdict === 'allow') return;
      if (verdict === 'deny') throw new PermissionDeniedError([]);
      if (signal?.aborted || instance.signal.aborted) throw new PermissionRejectedError();
    }
    await this.requests.wait(instance, request, signal);
  }

  /** Open requests, oldest first. */
  list(instance: Instance): PermissionRequest[] {
    return this.requests.ofInstance(instance);
  }

  /** Open requests of some sessions, as of one and its descendants, oldest first. */
  listForSessions(sessionIDs: Iterable<string>): PermissionRequest[] {
    return this.requests.ofSessions(sessionIDs).map(({ request }) => request);
  }

  /**
   * Answers a request, whatever instance it belongs to. `always` also adds the request's `always` patterns to the
   * approvals of the instance, and lets go whatever else of the session they cover; `reject` also rejects the
   * session's other requests.
   * @param message for `reject`: what the model should do instead
   */
  reply(requestID: string, reply: PermissionReply, message?: string): void {
    const pending = this.requests.find(requestID);
    if (!pending) throw new NotFoundError(`Permission request not found: ${requestID}`);
    const { instance, request } = pending;
    const others = this.requests
      .ofSessions([request.sessionID])
      .filter((each) => each !== pending && each.instance === instance);
    if (reply === 'reject') {
      this.resolve(pending, 'reject', message ? new PermissionCorrectedError(message) : new PermissionRejectedError());
      for (const other of others) this.resolve(other, 'reject', new PermissionRejectedError());
      return;
    }
    this.resolve(pending, reply);
    if (reply === 'once') return;
    const approved = this.approvals.get(instance);
    approved.push(...request.always.map((pattern) => rule(request.permission, pattern)));
    for (const other of others) {
      const { permission, patterns } = other.request;
      if (patterns.every((pattern) => evaluate(permission, pattern, approved).action === 'allow'))
        this.resolve(other, 'always');
    }
  }

  /** Rejects whatever a session still asks: it was aborted or deleted. */
  rejectSession(sessionID: string): void {
    for (const pending of this.requests.ofSessions([sessionID]))
      this.resolve(pending, 'reject', new PermissionRejectedError());
  }

  private async decide(policy: PermissionPolicy, instance: Instance, ask: PermissionAsk, byRules: PermissionAction[]) {
    const { patterns, ...rest } = ask;
    return Promise.all(
      byRules.map(async (action, index) =>
        policy.decide({ ...rest, instance, pattern: patterns[index] ?? '' }, action),
      ),
    );
  }

  private resolve(pending: PendingPermission, reply: PermissionReply, error?: Error): void {
    // a listener of an earlier event of the same reply may have answered it already
    if (!this.requests.take(pending)) return;
    const { id, sessionID } = pending.request;
    this.events.publish(pending.instance, 'permission.replied', { sessionID, requestID: id, reply });
    if (error) pending.reject(error);
    else pending.resolve();
  }
}

const rule = (permission: string, pattern: string) => ({ permission, pattern, action: 'allow' as const });
