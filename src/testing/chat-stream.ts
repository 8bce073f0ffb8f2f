import type { ServerResponse } from 'node:http';
import type { ScriptedReply, ScriptedToolCall } from './scripted-reply.js';

/** Sends one scripted reply as a chat completion; `ended` aborts when the client has gone. */
export async function sendReply(
  response: ServerResponse,
  script: ScriptedReply,
  request: { model: string; stream: boolean },
  nextCallID: () => string,
  ended: AbortSignal,
): Promise<void> {
  if (script.failure) {
    response.writeHead(script.failure.status, script.failure.headers).end(script.failure.body);
    return;
  }
  const writer = request.stream ? new StreamWriter(response, request.model) : new WholeWriter(response, request.model);
  let called = false;
  for (const step of script.steps) {
    if (ended.aborted) return;
    switch (step.type) {
      case 'text':
        for (const piece of step.pieces) writer.delta({ content: piece });
        break;
      case 'reasoning':
        for (const piece of step.pieces) writer.delta({ reasoning_content: piece });
        break;
      case 'tools':
        called = true;
        for (const delta of toolDeltas(step.calls, nextCallID)) writer.delta({ tool_calls: [delta] });
        break;
      case 'wait':
        writer.open();
        await orEnded(typeof step.until === 'function' ? step.until() : step.until, ended);
        break;
      case 'raw':
        writer.open();
        response.write(step.text);
        break;
      case 'reset':
        writer.open();
        // what was written before must reach the client first
        await new Promise((resolve) => setTimeout(resolve, 20));
        response.socket?.resetAndDestroy();
        return;
      case 'hang':
        writer.open();
        await orEnded(new Promise(() => undefined), ended);
        return;
    }
  }
  if (ended.aborted) return;
  writer.end(script.finish ?? (called ? 'tool_calls' : 'stop'), script.usageReport);
}

interface ToolDelta {
  index: number;
  id?: string;
  type?: 'function';
  function: { name?: string; arguments: string };
}

interface Delta {
  content?: string;
  reasoning_content?: string;
  tool_calls?: ToolDelta[];
}

/** Heads of all calls and then their arguments in turn, as providers that call in parallel send them. */
function toolDeltas(calls: readonly ScriptedToolCall[], nextCallID: () => string): ToolDelta[] {
  const heads = calls.map((call, index): ToolDelta => ({
    index,
    id: call.id ?? nextCallID(),
    type: 'function',
    function: { name: call.name, arguments: '' },
  }));
  const bodies = calls.flatMap((call, index) =>
    pieces(call.arguments).map((text): ToolDelta => ({ index, function: { arguments: text } })),
  );
  return [...heads, ...bodies];
}

function pieces(args: ScriptedToolCall['arguments']): readonly string[] {
  if (Array.isArray(args)) return args as readonly string[];
  const text = JSON.stringify(args);
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)];
}

class StreamWriter {
  constructor(
    private readonly response: ServerResponse,
    private readonly model: string,
  ) {}

  open(): void {
    if (this.response.headersSent) return;
    this.response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    this.chunk({ choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] });
  }

  delta(delta: Delta): void {
    this.open();
    this.chunk({ choices: [{ index: 0, delta, finish_reason: null }] });
  }

  end(finish: string, usage: object | undefined): void {
    this.open();
    this.chunk({ choices: [{ index: 0, delta: {}, finish_reason: finish }] });
    if (usage) this.chunk({ choices: [], usage });
    this.response.end('data: [DONE]\n\n');
  }

  private chunk(body: object): void {
    const head = { id: 'chatcmpl-scripted', object: 'chat.completion.chunk', created: 0, model: this.model };
    this.response.write(`data: ${JSON.stringify({ ...head, ...body })}\n\n`);
  }
}

/** Gathers what the script says and sends it at once, for a request that does not stream. */
class WholeWriter {
  private content = '';
  private reasoning = '';
  private readonly calls: { id?: string; type?: string; function: { name?: string; arguments: string } }[] = [];

  constructor(
    private readonly response: ServerResponse,
    private readonly model: string,
  ) {}

  open(): void {
    // everything is sent at the end
  }

  delta(delta: Delta): void {
    this.content += delta.content ?? '';
    this.reasoning += delta.reasoning_content ?? '';
    for (const { index, ...call } of delta.tool_calls ?? []) {
      const known = this.calls[index];
      if (known) known.function.arguments += call.function.arguments;
      else this.calls[index] = call;
    }
  }

  end(finish: string, usage: object | undefined): void {
    const message = {
      role: 'assistant',
      content: this.content,
      ...(this.reasoning ? { reasoning_content: this.reasoning } : {}),
      ...(this.calls.length > 0 ? { tool_calls: this.calls } : {}),
    };
    this.response.writeHead(200, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        id: 'chatcmpl-scripted',
        object: 'chat.completion',
        created: 0,
        model: this.model,
        choices: [{ index: 0, message, finish_reason: finish }],
        ...(usage ? { usage } : {}),
      }),
    );
  }
}

async function orEnded(work: Promise<unknown>, ended: AbortSignal): Promise<void> {
  if (ended.aborted) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      ended.removeEventListener('abort', done);
      resolve();
    };
    ended.addEventListener('abort', done, { once: true });
    work.then(done, done);
  });
}
