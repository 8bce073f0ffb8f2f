import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type TuiControlRequest, WireError } from '#libs/contract';
import { inTime, LONGEST_TIMER } from '#libs/extension';

/** Milliseconds a request waits for its answer. */
const PATIENCE = 60_000;

/** @publicApi */
export interface TuiRequestOptions {
  /** Ends the wait; a request that no client has taken yet is withdrawn. */
  signal?: AbortSignal;
  /** Milliseconds until the wait ends by itself. Default one minute. */
  timeout?: number;
}

interface Asked {
  readonly request: TuiControlRequest;
  readonly answer: (body: unknown) => void;
}

/**
 * Requests that a host has a terminal client carry out, first in, first out: the host pushes one and waits, a client
 * takes it (`GET /tui/control/next`), does it and answers (`POST /tui/control/response`). One queue for the whole
 * application; any number of clients may wait, each request goes to one.
 *
 * @example const sessions = await control.request({ path: '/session', body: undefined });
 * @publicApi
 */
@Injectable()
export class TuiControl implements OnModuleDestroy {
  private readonly queued: Asked[] = [];
  /** Given to a client and not answered yet. */
  private readonly taken: Asked[] = [];
  private readonly takers = new Set<() => void>();
  private readonly closing = new AbortController();

  /** Clients that wait for a request. */
  get waiting(): number {
    return this.takers.size;
  }

  /** Resolves to what the client answered. Rejects when the signal or the time limit ends the wait. */
  async request(request: TuiControlRequest, { signal, timeout = PATIENCE }: TuiRequestOptions = {}): Promise<unknown> {
    const limits = [
      AbortSignal.timeout(Math.min(timeout, LONGEST_TIMER)),
      this.closing.signal,
      ...(signal ? [signal] : []),
    ];
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const asked = { request, answer: resolve };
    this.queued.push(asked);
    this.wake();
    try {
      return await inTime(promise, { signal: AbortSignal.any(limits) });
    } finally {
      remove(this.queued, asked);
      remove(this.taken, asked);
    }
  }

  /**
   * The next request, as soon as there is one.
   * @param signal ends the wait of a client that is gone; the promise then rejects with its reason.
   */
  async next(signal: AbortSignal): Promise<TuiControlRequest> {
    const { promise, resolve } = Promise.withResolvers<TuiControlRequest>();
    const take = () => {
      if (signal.aborted) return;
      const asked = this.queued.shift();
      if (!asked) return;
      this.takers.delete(take);
      this.taken.push(asked);
      resolve(asked.request);
    };
    this.takers.add(take);
    take();
    try {
      return await inTime(promise, { signal: AbortSignal.any([signal, this.closing.signal]) });
    } finally {
      this.takers.delete(take);
    }
  }

  /** Answers the request that was taken first. False when none waits for an answer: it is dropped. */
  respond(body: unknown): boolean {
    const asked = this.taken.shift();
    asked?.answer(body);
    return asked !== undefined;
  }

  onModuleDestroy(): void {
    this.closing.abort(new WireError('ServiceUnavailableError', 503, { message: 'The server is shutting down' }));
  }

  private wake(): void {
    for (const take of [...this.takers]) take();
  }
}

function remove<T>(list: T[], entry: T): void {
  const index = list.indexOf(entry);
  if (index >= 0) list.splice(index, 1);
}
