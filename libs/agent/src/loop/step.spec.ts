import type { LanguageModelV4, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import type { MessageError } from '#libs/contract';
import { Clock, type ToolResult } from '#libs/extension';
import { runStep, type StepRequest } from './step.js';
import type { StepEvent } from './step-event.js';
import type { ToolCall } from './tool-call.js';

const USAGE = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 1, text: 1, reasoning: 0 },
};
const finish = (unified: 'stop' | 'tool-calls' = 'stop'): LanguageModelV4StreamPart => ({
  type: 'finish',
  usage: USAGE,
  finishReason: { unified, raw: unified },
});
const call = (toolCallId: string, toolName: string, input: string): LanguageModelV4StreamPart => ({
  type: 'tool-call',
  toolCallId,
  toolName,
  input,
});

/** Time that passes only when somebody sleeps. */
class ManualClock extends Clock {
  readonly slept: number[] = [];
  now() {
    return 1_000_000;
  }
  async sleep(milliseconds: number, signal?: AbortSignal) {
    this.slept.push(milliseconds);
    await Promise.resolve();
    signal?.throwIfAborted();
  }
}

type Answer =
  LanguageModelV4StreamPart[] | Error | ((signal: AbortSignal) => ReadableStream<LanguageModelV4StreamPart>);

function model(...answers: Answer[]): LanguageModelV4 {
  return {
    specificationVersion: 'v4',
    provider: 'test',
    modelId: 'test',
    supportedUrls: {},
    doGenerate: () => Promise.reject(new Error('not used')),
    doStream: ({ abortSignal }) => {
      const answer = answers.shift() ?? new Error('no answer left');
      if (answer instanceof Error) return Promise.reject(answer);
      const stream =
        typeof answer === 'function'
          ? answer(abortSignal ?? new AbortController().signal)
          : ReadableStream.from(answer);
      return Promise.resolve({ stream });
    },
  };
}

interface Options {
  execute?: (call: ToolCall, signal: AbortSignal) => Promise<ToolResult>;
  endTurn?: () => boolean;
  failsStep?: (error: unknown) => boolean;
  controller?: AbortController;
  silence?: number;
}

async function play(language: LanguageModelV4, options: Options = {}) {
  const events: StepEvent[] = [];
  const clock = new ManualClock();
  const { signal } = options.controller ?? new AbortController();
  const request: StepRequest = {
    model: language,
    options: { prompt: [] },
    tools: {
      offered: ['read', 'bash'],
      execute: options.execute ?? ((call) => Promise.resolve({ title: call.tool, output: JSON.stringify(call.input) })),
      endTurn: options.endTurn ?? (() => false),
      failsStep: options.failsStep ?? (() => false),
    },
    toError: (error): MessageError => ({ name: 'UnknownError', data: { message: (error as Error).message } }),
  };
  const { silence } = options;
  const outcome = await runStep(request, { clock, signal, emit: (event) => events.push(event), silence });
  return { events, types: events.map((event) => event.type), outcome, clock };
}

describe('runStep', () => {
  it('tells text in order and finishes', async () => {
    const { events, outcome } = await play(
      model([
        { type: 'text-start', id: '1' },
        { type: 'text-delta', id: '1', delta: 'Hel' },
        { type: 'text-delta', id: '1', delta: '' },
        { type: 'text-delta', id: '1', delta: 'lo' },
        { type: 'text-end', id: '1' },
        finish(),
      ]),
    );
    expect(events).toMatchObject([
      { type: 'stream-open' },
      { type: 'step-start' },
      { type: 'text-start', id: '1' },
      { type: 'text-delta', delta: 'Hel' },
      { type: 'text-delta', delta: 'lo' },
      { type: 'text-end' },
      { type: 'step-finish', reason: 'stop' },
    ]);
    expect(outcome).toEqual({ kind: 'finished', reason: 'stop', final: false });
  });

  it('runs parallel calls at once and finishes the step after the last of them', async () => {
    const gate = Promise.withResolvers<void>();
    const { events, outcome } = await play(
      model([call('a', 'read', '{"n":1}'), call('b', 'read', '{"n":2}'), finish('tool-calls')]),
      {
        execute: async ({ callID }) => {
          if (callID === 'a') await gate.promise;
          else gate.resolve();
          return { title: callID, output: '' };
        },
      },
    );
    expect(events.slice(2).map((event) => ('callID' in event ? `${event.type} ${event.callID}` : event.type))).toEqual([
      'tool-pending a',
      'tool-running a',
      'tool-pending b',
      'tool-running b',
      'tool-completed b',
      'tool-completed a',
      'step-finish',
    ]);
    expect(outcome).toMatchObject({ reason: 'tool-calls' });
  });

  it('fails at once with all its calls when one of them says so', async () => {
    const { events, outcome } = await play(
      model([call('a', 'read', '{}'), call('b', 'bash', '{}'), finish('tool-calls')]),
      {
        failsStep: () => true,
        execute: ({ callID }, signal) =>
          callID === 'b'
            ? Promise.reject(new Error('enough'))
            : new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
      },
    );
    expect(outcome).toEqual({ kind: 'failed', error: { name: 'UnknownError', data: { message: 'Error: enough' } } });
    expect(events.slice(-2)).toEqual(
      ['a', 'b'].map((callID) => ({ type: 'tool-failed', callID, message: 'Tool execution aborted' })),
    );
  });

  it.each([
    ['another case', 'READ', '{}', 'read', {}],
    ['no arguments', 'read', '', 'read', {}],
    ['an unknown tool', 'fly', '{}', 'invalid', { tool: 'fly' }],
    ['broken JSON', 'bash', '{"a":', 'invalid', { tool: 'bash' }],
    ['an array', 'bash', '[1]', 'invalid', { tool: 'bash' }],
  ])('repairs or explains a call with %s', async (_, name, input, tool, expected) => {
    const { events } = await play(model([call('a', name, input), finish('tool-calls')]));
    expect(events[2]).toEqual({ type: 'tool-pending', callID: 'a', tool: name });
    expect(events[3]).toMatchObject({ type: 'tool-running', tool, input: expected });
  });

  it('goes on when a server ends a step with calls as if it were final', async () => {
    expect((await play(model([call('a', 'read', '{}'), finish('stop')]))).outcome).toMatchObject({
      reason: 'tool-calls',
    });
  });

  it('tells a failing tool and whether that ends the turn', async () => {
    const execute = () => Promise.reject(new TypeError('boom'));
    const { events, outcome } = await play(model([call('a', 'read', '{}'), finish('tool-calls')]), {
      execute,
      endTurn: () => true,
    });
    expect(events).toContainEqual({ type: 'tool-failed', callID: 'a', message: 'TypeError: boom' });
    expect(outcome).toMatchObject({ kind: 'finished', final: true });
  });

  it('repeats what is worth repeating, with growing pauses up to a limit', async () => {
    const busy = () => new Error('{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}');
    const { types, clock, events } = await play(
      model(busy(), busy(), busy(), busy(), busy(), busy(), [{ type: 'text-start', id: '1' }, finish()]),
    );
    expect(clock.slept).toEqual([2000, 4000, 8000, 16000, 30000, 30000]);
    expect(types.filter((type) => type === 'retry')).toHaveLength(6);
    expect(events[1]).toMatchObject({ attempt: 1, message: 'Provider is overloaded', next: 1_002_000 });
    expect(types.slice(-3)).toEqual(['step-start', 'text-start', 'step-finish']);
  });

  it('does not repeat other errors, whether thrown or in the stream', async () => {
    for (const answer of [new Error('no'), [{ type: 'error' as const, error: new Error('no') }]]) {
      const { outcome, clock } = await play(model(answer));
      expect(outcome).toEqual({ kind: 'failed', error: { name: 'UnknownError', data: { message: 'no' } } });
      expect(clock.slept).toEqual([]);
    }
  });

  it('fails when the stream ends without a finish', async () => {
    expect((await play(model([{ type: 'text-start', id: '1' }]))).outcome).toMatchObject({ kind: 'failed' });
  });

  it('ends at once on abort, with the open tools told as aborted', async () => {
    const controller = new AbortController();
    const { events, outcome } = await play(
      model((signal) => {
        expect(signal.aborted).toBe(false);
        return new ReadableStream({ start: (stream) => stream.enqueue(call('a', 'bash', '{}')) });
      }),
      {
        controller,
        execute: (_, signal) => {
          queueMicrotask(() => controller.abort(new Error('stop')));
          return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('killed'))));
        },
      },
    );
    expect(outcome).toEqual({ kind: 'aborted' });
    expect(events.at(-1)).toEqual({ type: 'tool-failed', callID: 'a', message: 'Tool execution aborted' });
  });

  it('gives up a provider that stays silent', async () => {
    const { outcome } = await play(
      model(() => new ReadableStream()),
      { silence: 20 },
    );
    expect(outcome).toMatchObject({ kind: 'failed', error: { data: { message: expect.stringContaining('nothing') } } });
  });
});
