import { Inject, Injectable, Logger, Optional } from '@nestjs/common';
import type { PermissionRule, PermissionRuleset } from '#libs/contract';
import { Clock, Environment, LONGEST_TIMER, SessionStore } from '#libs/extension';
import { PERMISSION_OPTIONS, type PermissionOptions, type UnansweredAction } from './permission.options.js';
import { matchWildcard } from './wildcard.js';

const TIMEOUT = 'OPENCODE_ASK_TIMEOUT_MS';
const DEFAULT = 'OPENCODE_ASK_DEFAULT';
/** Name of the session rules that say what becomes of an unanswered request. */
const UNANSWERED = 'unanswered';
/** Where a policy other than waiting is chosen and no time is named. */
const DEADLINE = 60_000;

/** The words of rules, as a policy: a rule that says `ask` means to go on asking. */
const ACTIONS: Readonly<Record<PermissionRule['action'], UnansweredAction>> = {
  ask: 'wait',
  deny: 'deny',
  allow: 'allow',
};

/** A request whose deadline passed. */
export interface Expiry {
  readonly action: Exclude<UnansweredAction, 'wait'>;
  /** How long it waited, in words. */
  readonly waited: string;
}

/**
 * How long requests to the user wait, and what becomes of them then. The last rule `unanswered` of the session, or
 * else of its parents, that fits the request decides; without one the setting of the server, which is to wait.
 */
@Injectable()
export class AskPolicyService {
  private readonly log = new Logger(AskPolicyService.name);
  private readonly deadline: number;
  private readonly fallback: UnansweredAction;

  constructor(
    environment: Environment,
    private readonly clock: Clock,
    private readonly sessions: SessionStore,
    @Optional() @Inject(PERMISSION_OPTIONS) options: PermissionOptions = {},
  ) {
    const deadline = options.deadline ?? this.timeoutOf(environment);
    this.deadline = Math.min(deadline ?? DEADLINE, LONGEST_TIMER);
    const action = options.onDeadline ?? this.actionOf(environment);
    // a deadline alone is meant to end something
    this.fallback = action ?? (deadline === undefined ? 'wait' : 'deny');
  }

  /**
   * Resolves at the deadline of a request, or early with nothing when it has none or was answered.
   * @param subject what the request is about, as the patterns of the rules name it
   * @param answered aborted as soon as the request is answered
   */
  async expiry(sessionID: string, subject: string, answered: AbortSignal): Promise<Expiry | undefined> {
    const action = (await this.ruled(sessionID, subject, answered)) ?? this.fallback;
    if (action === 'wait' || answered.aborted) return undefined;
    try {
      await this.clock.sleep(this.deadline, answered);
    } catch {
      return undefined;
    }
    return { action, waited: inWords(this.deadline / 1000) };
  }

  /** What the rules of the sessions say, if anything. */
  private async ruled(
    sessionID: string,
    subject: string,
    answered: AbortSignal,
  ): Promise<UnansweredAction | undefined> {
    try {
      const rules = await this.rules(sessionID);
      const rule = rules.findLast((each) => each.permission === UNANSWERED && matchWildcard(subject, each.pattern));
      return rule && ACTIONS[rule.action];
    } catch (error) {
      // a store that closes while requests are dismissed is no news
      if (!answered.aborted) this.log.error(`The rules of session ${sessionID} cannot be read: ${String(error)}`);
      return undefined;
    }
  }

  /** Rules of the session after those of its parents, so that its own go first. */
  private async rules(sessionID: string): Promise<PermissionRuleset> {
    const chain: PermissionRuleset[] = [];
    const seen = new Set<string>();
    for (let id: string | undefined = sessionID; id !== undefined && !seen.has(id);) {
      seen.add(id);
      const session = await this.sessions.find(id);
      chain.unshift(session?.permission ?? []);
      id = session?.parentID;
    }
    return chain.flat();
  }

  private timeoutOf({ variables }: Environment): number | undefined {
    const text = variables[TIMEOUT]?.trim();
    if (!text) return undefined;
    const value = Number(text);
    if (Number.isSafeInteger(value) && value >= 0) return value;
    this.log.warn(`${TIMEOUT}="${text}" is not used: give whole milliseconds, such as 60000`);
    return undefined;
  }

  private actionOf({ variables }: Environment): UnansweredAction | undefined {
    const text = variables[DEFAULT]?.trim().toLowerCase();
    if (!text) return undefined;
    if (text === 'wait' || text === 'deny' || text === 'allow') return text;
    this.log.warn(`${DEFAULT}="${text}" is not used: give wait, deny or allow`);
    return undefined;
  }
}

const inWords = (seconds: number) => (seconds === 1 ? '1 second' : `${seconds} seconds`);
