import { Injectable } from '@nestjs/common';
import type { MessageWithParts, PromptInput, SessionStatus, UserMessage } from '#libs/contract';
import { type Instance, InstanceState } from '#libs/instance';
import { PromptService } from '../message/prompt.service.js';
import type { UserMessageWithParts } from '../message/user-message.writer.js';
import { SessionGate } from '../session-gate.service.js';
import { SessionService } from '../session.service.js';
import { SessionTurnFactory } from '../turn/session-turn.js';
import { tellingFailure } from './failure-event.js';
import type { OpenTurn } from './run-turn.js';
import { announceIdle, SessionRun, SessionRunFactory } from './session-run.js';

/** A prompt that was accepted. */
export interface PromptReceipt {
  /** The stored user message. */
  user: MessageWithParts;
  /**
   * The last message of the answer; the user message itself when no answer was asked for. Errors of the model are on
   * the message; it rejects only when the answer could not be stored.
   */
  reply: Promise<MessageWithParts>;
}

/**
 * Runs sessions: at most one run each, prompts to a busy session wait in line and each gets its own reply.
 * A run belongs to nobody's request: only abort, disposal of the instance and shutdown end it early.
 * @publicApi
 */
@Injectable()
export class SessionRunner {
  /** Ends the runs of an instance before the rest of it goes. */
  private readonly ending: InstanceState<true>;

  constructor(
    private readonly sessions: SessionService,
    private readonly prompts: PromptService,
    private readonly gate: SessionGate,
    private readonly runs: SessionRunFactory,
    private readonly turns: SessionTurnFactory,
  ) {
    this.ending = new InstanceState(
      () => true as const,
      async (_, instance) => {
        await Promise.all(this.runsOf(instance).map((run) => run.abort()));
      },
    );
  }

  /**
   * Stores the prompt and starts or queues its answer. Rejects with a WireError, and with nothing stored, when the
   * session, agent or model does not exist or the message id is taken.
   */
  async prompt(instance: Instance, sessionID: string, input: PromptInput): Promise<PromptReceipt> {
    const telling = <T>(work: () => Promise<T>) => tellingFailure(this.runs.bus, instance, sessionID, work);
    const make = () => telling(() => this.prompts.make(instance, sessionID, input));
    let made: UserMessageWithParts | undefined;
    if (this.prompts.asksHooks(instance)) {
      await this.sessions.get(sessionID);
      made = await make();
    }
    return this.gate.enter(instance, sessionID, async () => {
      const message = made ? await this.prompts.behindAll(made) : await make();
      const user = await telling(() => this.prompts.store(instance, message));
      await this.sessions.touch(instance, sessionID);
      return input.noReply ? { user, reply: Promise.resolve(user) } : this.answer(instance, user);
    });
  }

  /**
   * Starts or queues the answer to a user message that is not a prompt, like a request for a summary.
   * @param write stores and publishes the message
   * @param open what is done about it; unless told, the model answers it
   */
  async enqueue(
    instance: Instance,
    sessionID: string,
    write: () => Promise<UserMessageWithParts>,
    open?: (user: UserMessage) => OpenTurn,
  ): Promise<PromptReceipt> {
    return this.gate.enter(instance, sessionID, async () => {
      const user = await write();
      return this.answer(instance, user, open?.(user.info));
    });
  }

  /**
   * Ends what the session is doing and drops what waits, also on another server over the same data. Resolves when its
   * messages are complete.
   */
  async abort(instance: Instance, sessionID: string): Promise<void> {
    await this.sessions.get(sessionID);
    const busy = this.isBusy(sessionID);
    await this.runs.registry.abort(sessionID);
    // a client that missed the end hears it now
    if (!busy) announceIdle(this.runs.bus, instance, sessionID);
  }

  isBusy(sessionID: string): boolean {
    return this.runs.registry.get(sessionID) !== undefined;
  }

  /** The sessions of an instance that are not idle. Of those that another server works on it only says that they are busy. */
  async status(instance: Instance): Promise<Record<string, SessionStatus>> {
    const own = this.runsOf(instance).map((run) => [run.sessionID, run.status] as const);
    const elsewhere = await this.sessions.ofDirectory(instance, await this.runs.registry.listElsewhere());
    return Object.fromEntries([...elsewhere.map((id) => [id, { type: 'busy' as const }] as const), ...own]);
  }

  private answer(instance: Instance, user: UserMessageWithParts, open?: OpenTurn): PromptReceipt {
    const { sessionID } = user.info;
    const live = this.runs.registry.get(sessionID);
    const run = live instanceof SessionRun ? live : this.newRun(instance, sessionID);
    const reply = run.add(open ?? ((surroundings) => this.turns.create({ ...surroundings, user: user.info })));
    // the caller may not care for the reply
    reply.catch(() => undefined);
    if (run !== live) void run.work();
    return { user, reply };
  }

  private newRun(instance: Instance, sessionID: string): SessionRun {
    this.ending.get(instance);
    return this.runs.create(instance, sessionID);
  }

  private runsOf(instance: Instance) {
    return this.runs.registry.list().filter((run) => run.instance === instance);
  }
}
