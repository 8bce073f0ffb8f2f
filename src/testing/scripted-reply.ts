/** What a model reports of the tokens of a reply, in the words of the chat-completions API. @publicApi */
export interface ScriptedUsage {
  prompt_tokens?: number;
  completion_tokens?: number;
  total_tokens?: number;
  prompt_tokens_details?: { cached_tokens?: number };
  completion_tokens_details?: { reasoning_tokens?: number };
}

/** One call of a tool; arguments given as a list of strings are streamed piece by piece, as they stand. @publicApi */
export interface ScriptedToolCall {
  name: string;
  arguments: object | readonly string[];
  /** Default: `call_1`, `call_2`, … in the order of one ScriptedModel. */
  id?: string;
}

/** @internal One thing the model does while it replies. */
export type ScriptedStep =
  | { type: 'text' | 'reasoning'; pieces: readonly string[] }
  | { type: 'tools'; calls: readonly ScriptedToolCall[] }
  | { type: 'wait'; until: (() => Promise<unknown>) | Promise<unknown> }
  | { type: 'raw'; text: string }
  | { type: 'reset' }
  | { type: 'hang' };

/** @internal */
export interface ScriptedFailure {
  status: number;
  body: string;
  headers: Record<string, string>;
}

const USAGE: ScriptedUsage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };

/**
 * What a {@link ScriptedModel} does with one request, in order. Every method adds to the script and returns it.
 *
 * @example
 * reply().reasoning('Hm.').text('Let me ', 'look.').tool('read', { filePath: 'a.txt' })
 * @publicApi
 */
export class ScriptedReply {
  /** @internal */
  readonly steps: ScriptedStep[] = [];
  /** @internal */
  failure?: ScriptedFailure;
  /** @internal */
  usageReport: ScriptedUsage | undefined = USAGE;
  /** @internal */
  finish?: string;

  /** Text, one chunk per argument. */
  text(...pieces: string[]): this {
    return this.add({ type: 'text', pieces });
  }

  /** Reasoning (`reasoning_content`), one chunk per argument. */
  reasoning(...pieces: string[]): this {
    return this.add({ type: 'reasoning', pieces });
  }

  /** One tool call. */
  tool(name: string, args: ScriptedToolCall['arguments'], id?: string): this {
    return this.tools({ name, arguments: args, ...(id === undefined ? {} : { id }) });
  }

  /** Parallel tool calls. */
  tools(...calls: ScriptedToolCall[]): this {
    return this.add({ type: 'tools', calls });
  }

  /** Holds the stream until the gate opens (or a promise settles). What came before is already sent. */
  wait(gate: Gate | Promise<unknown>): this {
    return this.add({ type: 'wait', until: gate instanceof Gate ? gate.opened : gate });
  }

  /** Holds the stream for some milliseconds. */
  delay(milliseconds: number): this {
    return this.add({ type: 'wait', until: () => new Promise((resolve) => setTimeout(resolve, milliseconds)) });
  }

  /** Sends text as it stands, well formed or not. */
  raw(text: string): this {
    return this.add({ type: 'raw', text });
  }

  /** Cuts the connection here. */
  reset(): this {
    return this.add({ type: 'reset' });
  }

  /** Never ends; only the client can give up. */
  hang(): this {
    return this.add({ type: 'hang' });
  }

  /** Tokens to report; `undefined` reports none. */
  usage(usage: ScriptedUsage | undefined): this {
    this.usageReport = usage;
    return this;
  }

  /** Finish reason; default `tool_calls` after a tool call, else `stop`. */
  finishReason(reason: string): this {
    this.finish = reason;
    return this;
  }

  /** Answers with an HTTP error instead. A string body is sent as it stands. */
  fail(
    status: number,
    body: string | object = `Scripted failure ${status}`,
    headers: Record<string, string> = {},
  ): this {
    const text = typeof body === 'string' && !body.startsWith('{') ? JSON.stringify(errorBody(body)) : body;
    this.failure = {
      status,
      body: typeof text === 'string' ? text : JSON.stringify(text),
      headers: { 'content-type': 'application/json', ...headers },
    };
    return this;
  }

  private add(step: ScriptedStep): this {
    this.steps.push(step);
    return this;
  }
}

/** Starts the script of one reply. @publicApi */
export function reply(): ScriptedReply {
  return new ScriptedReply();
}

/** Something a test opens when the time has come. @publicApi */
export class Gate {
  private readonly latch = Promise.withResolvers<void>();
  /** Resolves when the gate is open. */
  readonly opened: Promise<void> = this.latch.promise;

  open(): void {
    this.latch.resolve();
  }
}

/** @internal An error as the chat-completions API words it. */
export function errorBody(message: string): object {
  return { error: { message, type: 'invalid_request_error', param: null, code: null } };
}
