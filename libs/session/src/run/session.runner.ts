import { Injectable } from '@nestjs/common';
import type { MessageWithParts, PromptInput, SessionStatus, UserMessage } from '#libs/contract';
import { WireError } from '#libs/contract';
import { type Instance, InstanceState } from '#libs/instance';
import { PromptService } from '../message/prompt.service.js';
import { RevertService } from '../revert/revert.service.js';
import { SessionService } from '../session.service.js';
import type { OpenTurn } from './run-turn.js';
import { RunWorld } from './run-world.js';
import { SessionRun } from './session-run.js';
import { SessionTurnFactory } from './session-turn.js';

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
    private readonly turns: SessionTurnFactory,
    private readonly reverts: RevertService,
    private readonly world: RunWorld,
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
    await this.sessions.get(sessionID);
    return this.reverts.enter(instance, sessionID, () => this.accept(instance, sessionID, input));
  }

  private async accept(instance: Instance, sessionID: string, input: PromptInput): Promise<PromptReceipt> {
    const user = await this.store(instance, sessionID, input);
    this.world.bus.publish(instance, 'message.updated', { info: user.info });
    for (const part of user.parts) this.world.bus.publish(instance, 'message.part.updated', { part });
    await this.sessions.touch(instance, sessionID);
    const reply = input.noReply ? Promise.resolve(user) : this.answer(instance, user.info as UserMessage);
    // the caller may not care for the reply
    reply.catch(() => undefined);
    return { user, reply };
  }

  /**
   * Starts or queues the answer to a user message that is not a prompt, like a request for a summary.
   * @param store stores and publishes the message
   * @param open what is done about it; unless told, the model answers it
   */
  async enqueue(
    instance: Instance,
    sessionID: string,
    store: () => Promise<MessageWithParts>,
    open?: (user: UserMessage) => OpenTurn,
  ): Promise<PromptReceipt> {
    await this.sessions.get(sessionID);
    return this.reverts.enter(instance, sessionID, async () => {
      const user = await store();
      const info = user.info as UserMessage;
      const reply = this.answer(instance, info, open?.(info));
      // the caller may not care for the reply
      reply.catch(() => undefined);
      return { user, reply };
    });
  }

  /** Ends what the session is doing and drops what waits. Resolves when its messages are complete. */
  async abort(instance: Instance, sessionID: string): Promise<void> {
    await this.sessions.get(sessionID);
    if (this.world.runs.get(sessionID)) return this.world.runs.abort(sessionID);
    // a client that missed the end hears it now
    this.world.bus.publish(instance, 'session.status', { sessionID, status: { type: 'idle' } });
    this.world.bus.publish(instance, 'session.idle', { sessionID });
  }

  isBusy(sessionID: string): boolean {
    return this.world.runs.get(sessionID) !== undefined;
  }

  /** The sessions of an instance that are not idle. */
  status(instance: Instance): Record<string, SessionStatus> {
    return Object.fromEntries(this.runsOf(instance).map((run) => [run.sessionID, run.status]));
  }

  private async store(instance: Instance, sessionID: string, input: PromptInput): Promise<MessageWithParts> {
    try {
      return await this.prompts.store(instance, sessionID, input);
    } catch (error) {
      // clients that ignore the answer of this request show the event
      const { message } = WireError.from(error);
      this.world.bus.publish(instance, 'session.error', {
        sessionID,
        error: { name: 'UnknownError', data: { message } },
      });
      throw error;
    }
  }

  private answer(
    instance: Instance,
    user: UserMessage,
    open: OpenTurn = (surroundings) => this.turns.create({ ...surroundings, user }),
  ): Promise<MessageWithParts> {
    const live = this.world.runs.get(user.sessionID);
    if (live instanceof SessionRun) return live.add(open);
    this.ending.get(instance);
    const lease = this.world.instances.retain(instance);
    const { bus } = this.world;
    const run = new SessionRun(user.sessionID, { bus, registry: this.world.runs, turns: this.turns, lease });
    const reply = run.add(open);
    void run.work();
    return reply;
  }

  private runsOf(instance: Instance) {
    return this.world.runs.list().filter((run) => run.instance === instance);
  }
}
