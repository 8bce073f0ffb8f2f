import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import type { AssistantMessage } from '#libs/contract';
import { type Clock, inTime } from '#libs/extension';
import { retryDelay, retryReason } from './retry.js';
import type { FinishReason, StepEvent } from './step-event.js';
import { failureText, readToolCall, type StepTools } from './tool-call.js';

type MessageError = NonNullable<AssistantMessage['error']>;

/** Everything one request to a model needs. */
export interface StepRequest {
  model: LanguageModelV4;
  options: Omit<LanguageModelV4CallOptions, 'abortSignal'>;
  tools: StepTools;
  /** Maps whatever a provider throws to the error of the wire. */
  toError(error: unknown): MessageError;
}

/** The world around a step. */
export interface StepWorld {
  clock: Clock;
  signal: AbortSignal;
  /** Called synchronously, in order. */
  emit: (event: StepEvent) => void;
  /** Milliseconds a provider may stay silent before the request counts as lost. */
  silence?: number;
}

/** How a step ended. Failure is data: nothing here is thrown. */
export type StepOutcome =
  | { kind: 'finished'; reason: FinishReason; /** A tool call ended in a way that ends the turn. */ final: boolean }
  | { kind: 'failed'; error: MessageError }
  | { kind: 'aborted' };

export const TOOL_ABORTED = 'Tool execution aborted';
const SILENCE = 10 * 60_000;
/** Time a tool has to stop after an abort, in milliseconds. */
const ABORT_GRACE = 5_000;

/** One request to the model with its tool calls, repeated while the provider asks for patience. */
export async function runStep(request: StepRequest, world: StepWorld): Promise<StepOutcome> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await new Attempt(request, world).run();
    if (outcome.kind !== 'failed' || world.signal.aborted) return world.signal.aborted ? { kind: 'aborted' } : outcome;
    const reason = retryReason(outcome.error);
    if (reason === undefined) return outcome;
    const delay = retryDelay(outcome.error, attempt, world.clock.now());
    world.emit({ type: 'retry', attempt, message: reason, next: world.clock.now() + delay });
    try {
      await world.clock.sleep(delay, world.signal);
    } catch {
      return { kind: 'aborted' };
    }
  }
}

/** One try of a step: reads the stream, starts tools as soon as their call is complete, waits for all of them. */
class Attempt {
  private readonly running: Promise<void>[] = [];
  private readonly open = new Set<string>();
  private called = false;
  private failure: MessageError | undefined;
  private end: Extract<LanguageModelV4StreamPart, { type: 'finish' }> | undefined;
  /** Aborted when a call fails the step. */
  private readonly halt = new AbortController();
  /** Aborted when the step is, from outside or by a call. */
  private readonly signal: AbortSignal;

  constructor(
    private readonly request: StepRequest,
    private readonly world: StepWorld,
  ) {
    this.signal = AbortSignal.any([world.signal, this.halt.signal]);
  }

  async run(): Promise<StepOutcome> {
    try {
      await this.read();
    } catch (error) {
      this.failure ??= this.request.toError(error);
    }
    await this.settleTools();
    if (this.world.signal.aborted) return { kind: 'aborted' };
    if (this.failure) return { kind: 'failed', error: this.failure };
    if (!this.end)
      return { kind: 'failed', error: this.request.toError(new Error('The model ended its answer early')) };
    const reason = this.reason(this.end.finishReason.unified);
    this.world.emit({ type: 'step-finish', reason, usage: this.end.usage, metadata: this.end.providerMetadata });
    return { kind: 'finished', reason, final: this.request.tools.endTurn() };
  }

  private async read(): Promise<void> {
    const { emit, silence = SILENCE } = this.world;
    const { signal } = this;
    // its own controller: a silent provider is given up without aborting the step
    const request = new AbortController();
    const stop = () => request.abort(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    const watchdog = new Watchdog(silence, () =>
      request.abort(new Error(`The model sent nothing for ${Math.round(silence / 1000)} s`)),
    );
    let reader: ReadableStreamDefaultReader<LanguageModelV4StreamPart> | undefined;
    try {
      signal.throwIfAborted();
      emit({ type: 'stream-open' });
      const asked = this.request.model.doStream({ ...this.request.options, abortSignal: request.signal });
      const { stream } = await inTime(asked, { signal: request.signal });
      emit({ type: 'step-start' });
      const source = (reader = stream.getReader());
      // ends a read that waits, whatever the provider does about the signal; a race for each read would cost more
      const cancel = () => void source.cancel(request.signal.reason).catch(() => undefined);
      request.signal.addEventListener('abort', cancel, { once: true });
      request.signal.throwIfAborted();
      for (;;) {
        const { done, value } = await source.read();
        if (done) break;
        watchdog.feed();
        this.take(value);
      }
      request.signal.throwIfAborted();
    } finally {
      watchdog.stop();
      signal.removeEventListener('abort', stop);
      reader?.cancel().catch(() => undefined);
    }
  }

  private take(part: LanguageModelV4StreamPart): void {
    const { emit } = this.world;
    switch (part.type) {
      case 'text-start':
      case 'reasoning-start':
      case 'text-end':
      case 'reasoning-end':
        return emit({ type: part.type, id: part.id, metadata: part.providerMetadata });
      case 'text-delta':
      case 'reasoning-delta':
        if (part.delta === '' && !part.providerMetadata) return;
        return emit({ type: part.type, id: part.id, delta: part.delta, metadata: part.providerMetadata });
      case 'tool-input-start':
        if (part.providerExecuted) return;
        this.open.add(part.id);
        return emit({ type: 'tool-pending', callID: part.id, tool: part.toolName });
      case 'tool-call': {
        if (part.providerExecuted) return;
        this.called = true;
        if (!this.open.has(part.toolCallId)) {
          this.open.add(part.toolCallId);
          emit({ type: 'tool-pending', callID: part.toolCallId, tool: part.toolName });
        }
        const call = readToolCall(part, this.request.tools.offered);
        emit({ type: 'tool-running', ...call, metadata: part.providerMetadata });
        this.running.push(this.execute(call));
        return;
      }
      case 'finish':
        this.end = part;
        return;
      case 'error':
        // nothing of use comes after it, and some servers keep the connection open
        throw part.error;
      default:
        return;
    }
  }

  private async execute(call: ReturnType<typeof readToolCall>): Promise<void> {
    const { emit } = this.world;
    const { signal } = this;
    const { tools } = this.request;
    const finish = (event: StepEvent) => {
      if (this.open.delete(call.callID)) emit(event);
    };
    try {
      const result = await tools.execute(call, signal);
      if (signal.aborted) finish({ type: 'tool-failed', callID: call.callID, message: TOOL_ABORTED });
      else finish({ type: 'tool-completed', callID: call.callID, result });
    } catch (error) {
      if (!signal.aborted && tools.failsStep?.(error)) {
        this.failure ??= { name: 'UnknownError', data: { message: failureText(error) } };
        // this call stays open: it is ended with the others
        return this.halt.abort(error);
      }
      const message = signal.aborted ? TOOL_ABORTED : failureText(error);
      finish({ type: 'tool-failed', callID: call.callID, message });
    }
  }

  /** Waits for the tools; after an abort only for a while, so that a deaf tool cannot hold the session. */
  private async settleTools(): Promise<void> {
    const { emit } = this.world;
    const done = Promise.all(this.running);
    await inTime(done, { signal: this.signal }).catch(() => undefined);
    if (this.signal.aborted) await inTime(done, { milliseconds: ABORT_GRACE }).catch(() => undefined);
    for (const callID of this.open) emit({ type: 'tool-failed', callID, message: TOOL_ABORTED });
    this.open.clear();
  }

  /** Some servers end a step with tool calls as if it were final: what happened decides. */
  private reason(told: FinishReason): FinishReason {
    return this.called && (told === 'stop' || told === 'other') ? 'tool-calls' : told;
  }
}

/** Calls back when it was not fed for some time. */
class Watchdog {
  private readonly timer: NodeJS.Timeout;

  constructor(milliseconds: number, bark: () => void) {
    this.timer = setTimeout(bark, milliseconds);
  }

  feed(): void {
    this.timer.refresh();
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
