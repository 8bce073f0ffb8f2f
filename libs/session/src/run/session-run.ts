import { Injectable } from '@nestjs/common';
import type { MessageWithParts, SessionStatus } from '#libs/contract';
import { EventBus } from '#libs/event';
import { inTime } from '#libs/extension';
import { type Instance, InstanceStore } from '#libs/instance';
import { PruningService } from '../compaction/pruning.service.js';
import { abortedError } from '../message/aborted-error.js';
import type { OpenTurn, RunTurn } from './run-turn.js';
import { type LiveRun, RunRegistry } from './run.registry.js';
import { SessionClaims } from './session-claims.service.js';

/** Milliseconds an abort waits for the run to wind up before it answers. */
const ABORT_WAIT = 2_000;

interface Waiting {
  open: OpenTurn;
  resolve(reply: MessageWithParts): void;
  reject(error: unknown): void;
}

/** Makes the runs of all sessions. */
@Injectable()
export class SessionRunFactory {
  constructor(
    readonly bus: EventBus,
    readonly registry: RunRegistry,
    readonly pruning: PruningService,
    private readonly claims: SessionClaims,
    private readonly instances: InstanceStore,
  ) {}

  /** The run keeps the instance alive, and the session for this server, until it ends. */
  create(instance: Instance, sessionID: string): SessionRun {
    const lease = this.instances.retain(instance);
    const release = this.claims.hold(sessionID);
    return new SessionRun(sessionID, instance, this, () => {
      release();
      lease.release();
    });
  }
}

/**
 * The work of one session: its prompts one after the other, each with its own reply. Lives from the first prompt
 * until none is left; no HTTP request owns it.
 */
export class SessionRun implements LiveRun {
  private readonly queue: Waiting[] = [];
  /** What waited when the run was aborted; what comes later is answered. */
  private readonly dropped: Waiting[] = [];
  private controller = new AbortController();
  /** The one that is running, or the last one. */
  private turn: RunTurn | undefined;
  private state: SessionStatus = { type: 'busy' };
  /** Pending while a prompt is being answered. */
  private answered = Promise.withResolvers<void>();

  constructor(
    readonly sessionID: string,
    readonly instance: Instance,
    private readonly services: SessionRunFactory,
    private readonly release: () => void,
  ) {}

  get status(): SessionStatus {
    return this.state;
  }

  /** Queues a turn, as the answer to a stored user message. The reply is its last message, also when it failed. */
  add(open: OpenTurn): Promise<MessageWithParts> {
    const { promise, resolve, reject } = Promise.withResolvers<MessageWithParts>();
    this.queue.push({ open, resolve, reject });
    return promise;
  }

  /** Works until the queue is empty. Never rejects: failures go to the waiting prompts. */
  async work(): Promise<void> {
    this.services.registry.add(this);
    for (let next = this.queue.shift(); next; next = this.queue.shift()) {
      this.answered = Promise.withResolvers();
      const settle = await this.answer(next);
      // nothing can be answered without the instance
      if (this.instance.signal.aborted) this.dropQueue();
      if (this.queue.length === 0) this.end();
      // whoever queued behind an aborted prompt gets the aborted message too
      for (const prompt of [next, ...this.dropped.splice(0)]) settle(prompt);
      this.answered.resolve();
    }
  }

  async abort(): Promise<void> {
    if (!this.controller.signal.aborted) {
      const error = abortedError();
      this.dropQueue();
      // people see at once that it stops; the messages are completed behind it
      this.announceIdle();
      this.services.bus.publish(this.instance, 'session.error', { sessionID: this.sessionID, error });
      this.announceIdle();
      this.controller.abort(new Error(error.data.message));
    }
    await inTime(this.answered.promise, { milliseconds: ABORT_WAIT }).catch(() => undefined);
  }

  async flush(): Promise<void> {
    await this.turn?.flush();
  }

  private async answer({ open }: Waiting): Promise<(prompt: Waiting) => void> {
    this.controller = new AbortController();
    try {
      this.turn = open({
        instance: this.instance,
        controller: this.controller,
        setStatus: (status) => this.setStatus(status),
        onError: (error) => {
          this.services.bus.publish(this.instance, 'session.error', { sessionID: this.sessionID, error });
          this.announceIdle();
        },
      });
      const reply = await this.turn.run();
      return (prompt) => prompt.resolve(reply);
    } catch (error) {
      return (prompt) => prompt.reject(error);
    }
  }

  private dropQueue(): void {
    this.dropped.push(...this.queue.splice(0));
  }

  private end(): void {
    this.state = { type: 'idle' };
    // a prompt that comes from now on starts a run of its own
    this.services.registry.remove(this);
    this.announceIdle();
    this.services.pruning.start(this.instance, this.turn?.history ?? []);
    this.release();
  }

  private setStatus(status: SessionStatus): void {
    if (this.controller.signal.aborted) return;
    this.state = status;
    this.services.bus.publish(this.instance, 'session.status', { sessionID: this.sessionID, status });
  }

  private announceIdle(): void {
    announceIdle(this.services.bus, this.instance, this.sessionID);
  }
}

/** Tells clients that a session does nothing. */
export function announceIdle(bus: EventBus, instance: Instance, sessionID: string): void {
  bus.publish(instance, 'session.status', { sessionID, status: { type: 'idle' } });
  bus.publish(instance, 'session.idle', { sessionID });
}
