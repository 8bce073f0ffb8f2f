import { Injectable } from '@nestjs/common';
import {
  type PermissionReplyInput,
  type PermissionRequest,
  type PermissionRuleset,
  NotFoundError,
  createId,
} from '#libs/contract';
import { EventBus } from '#libs/event';
import type { ToolPermission } from '#libs/extension';
import { type Instance, InstanceState } from '#libs/instance';
import { PermissionCorrectedError, PermissionDeniedError, PermissionRejectedError } from './permission.error.js';
import { evaluate } from './ruleset.js';
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

interface Pending {
  readonly instance: Instance;
  readonly request: PermissionRequest;
  /** Ends the wait; with an error the call fails. */
  settle(error?: Error): void;
}

/**
 * Decides by rules, and where the rules say `ask`, by asking: the request is published and waits for a reply.
 * Requests and "always" approvals live in memory, as long as their instance.
 * @publicApi
 */
@Injectable()
export class PermissionService {
  /** In the order of asking. */
  private readonly pending = new Map<string, Pending>();
  private readonly approvals = new InstanceState((): PermissionRuleset => []);

  constructor(private readonly events: EventBus) {}

  /**
   * Resolves when every pattern is allowed, by the rules or by the user. A single denied pattern fails the whole
   * request before anybody is asked.
   */
  async ask(instance: Instance, ask: PermissionAsk): Promise<void> {
    const { ruleset, signal, ...rest } = ask;
    const approved = this.approvals.find(instance) ?? [];
    const actions = rest.patterns.map((pattern) => evaluate(rest.permission, pattern, ruleset, approved).action);
    if (actions.includes('deny'))
      throw new PermissionDeniedError(ruleset.filter((rule) => matchWildcard(rest.permission, rule.permission)));
    if (!actions.includes('ask')) return;
    if (signal?.aborted || instance.signal.aborted) throw new PermissionRejectedError();
    await this.wait(instance, { id: createId('permission'), ...rest }, signal);
  }

  /** Open requests, oldest first. */
  list(instance: Instance): PermissionRequest[] {
    return [...this.pending.values()].filter((each) => each.instance === instance).map((each) => each.request);
  }

  /**
   * Answers a request, whatever instance it belongs to. `always` also adds the request's `always` patterns to the
   * approvals of the instance, and lets go whatever else of the session they cover; `reject` also rejects the
   * session's other requests.
   * @param message for `reject`: what the model should do instead
   */
  reply(requestID: string, reply: PermissionReply, message?: string): void {
    const pending = this.pending.get(requestID);
    if (!pending) throw new NotFoundError(`Permission request not found: ${requestID}`);
    const { instance, request } = pending;
    const others = [...this.pending.values()].filter(
      (each) => each !== pending && each.instance === instance && each.request.sessionID === request.sessionID,
    );
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
    for (const pending of [...this.pending.values()])
      if (pending.request.sessionID === sessionID) this.resolve(pending, 'reject', new PermissionRejectedError());
  }

  private async wait(instance: Instance, request: PermissionRequest, signal?: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const pending: Pending = { instance, request, settle: (error) => (error ? reject(error) : resolve()) };
    const giveUp = () => this.resolve(pending, 'reject', new PermissionRejectedError());
    this.pending.set(request.id, pending);
    signal?.addEventListener('abort', giveUp);
    // disposal waits for runs, and runs wait for replies: the signal comes before both
    instance.signal.addEventListener('abort', giveUp);
    try {
      this.events.publish(instance, 'permission.asked', request);
      await promise;
    } finally {
      this.pending.delete(request.id);
      signal?.removeEventListener('abort', giveUp);
      instance.signal.removeEventListener('abort', giveUp);
    }
  }

  private resolve(pending: Pending, reply: PermissionReply, error?: Error): void {
    const { id, sessionID } = pending.request;
    // a listener of an earlier event of the same reply may have answered it already
    if (!this.pending.delete(id)) return;
    this.events.publish(pending.instance, 'permission.replied', { sessionID, requestID: id, reply });
    pending.settle(error);
  }
}

const rule = (permission: string, pattern: string) => ({ permission, pattern, action: 'allow' as const });
