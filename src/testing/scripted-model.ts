import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { sendReply } from './chat-stream.js';
import { errorBody, reply, type ScriptedReply } from './scripted-reply.js';
import { waitFor } from './wait-for.js';

/** The body of a chat-completions request, as far as tests look at it. @publicApi */
export interface ChatRequest {
  model: string;
  stream?: boolean;
  messages: ChatMessage[];
  tools?: {
    type: 'function';
    function: { name: string; description?: string; parameters?: Record<string, unknown> };
  }[];
  [option: string]: unknown;
}

/** @publicApi */
export interface ChatMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string | { type: string; text?: string; [key: string]: unknown }[] | null;
  tool_calls?: { id: string; type: 'function'; function: { name: string; arguments: string } }[];
  tool_call_id?: string;
  [key: string]: unknown;
}

/** One request the model received. @publicApi */
export interface ModelRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: ChatRequest;
  /** Names of the tools that were offered. */
  readonly tools: string[];
  /** The client went away before the reply was complete. */
  readonly aborted: boolean;
  /** Resolves when the exchange is over, one way or the other. */
  readonly ended: Promise<void>;
}

/** Which requests a standing answer is for. @publicApi */
export type RequestMatcher = (request: ChatRequest) => boolean;

/** Whether a request asks for the title of a session: no tools, and the instructions speak of a title. @publicApi */
export const isTitleRequest: RequestMatcher = ({ tools, messages }) =>
  !tools?.length && messages.some(({ role, content }) => role === 'system' && /\btitle\b/i.test(plain(content)));

/**
 * A language model for tests: a real HTTP server that speaks the OpenAI chat-completions API, streaming included, and
 * says what a test wrote down. Each request takes the next scripted reply; title requests are answered by themselves.
 *
 * @example
 * await using model = await ScriptedModel.start();
 * model.push(reply().tool('read', { filePath: 'a.txt' }), reply().text('It says hello.'));
 * @publicApi
 */
export class ScriptedModel implements AsyncDisposable {
  /** Requests that took a scripted reply, in order of arrival. */
  readonly requests: ModelRequest[] = [];
  /** Requests answered by {@link always}, titles among them. */
  readonly asides: ModelRequest[] = [];
  private readonly queue: ScriptedReply[] = [];
  private readonly standing: { matches: RequestMatcher; make: () => ScriptedReply }[] = [];
  private readonly arrivals = new Set<() => void>();
  private calls = 0;

  private constructor(private readonly server: Server) {
    this.always(isTitleRequest, () => reply().text('A scripted title'));
  }

  static async start(): Promise<ScriptedModel> {
    const server = createServer((request, response) => {
      model.handle(request, response).catch((error: unknown) => {
        if (!response.headersSent) response.writeHead(400, { 'content-type': 'application/json' });
        response.end(JSON.stringify(errorBody(`ScriptedModel: ${String(error)}`)));
      });
    });
    const model = new ScriptedModel(server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    return model;
  }

  /** Base URL for an OpenAI-compatible provider. */
  get baseURL(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  /** Replies for the next requests, one each. */
  push(...replies: ScriptedReply[]): this {
    this.queue.push(...replies);
    return this;
  }

  /** Scripted replies nobody has asked for yet. */
  get pending(): number {
    return this.queue.length;
  }

  /** Answers all requests that match, without touching the queue. The answer given last is looked at first. */
  always(matches: RequestMatcher, make: () => ScriptedReply): this {
    this.standing.unshift({ matches, make });
    return this;
  }

  /** The request number `count`, counted from 1, as soon as it is there. */
  async request(count = this.requests.length + 1, timeout?: number): Promise<ModelRequest> {
    await waitFor(() => this.requests.length >= count, this.arrivals, `request ${count} to the model`, timeout);
    return this.requests[count - 1]!;
  }

  /** Forgets replies and requests. */
  clear(): void {
    this.queue.length = 0;
    this.requests.length = 0;
    this.asides.length = 0;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://model');
    if (request.method === 'GET' && pathname.endsWith('/models')) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ object: 'list', data: [{ id: 'test', object: 'model', owned_by: 'scripted' }] }));
      return;
    }
    if (request.method !== 'POST' || !pathname.endsWith('/chat/completions')) {
      response.writeHead(404, { 'content-type': 'application/json' });
      response.end(JSON.stringify(errorBody(`ScriptedModel has no ${request.method} ${pathname}`)));
      return;
    }
    const body = JSON.parse(await text(request)) as ChatRequest;
    const standing = this.standing.find(({ matches }) => matches(body));
    const script = standing?.make() ?? this.queue.shift() ?? outOfReplies();
    const ended = this.record(request, response, body, standing ? this.asides : this.requests);
    await sendReply(
      response,
      script,
      { model: body.model, stream: body.stream === true },
      () => `call_${++this.calls}`,
      ended,
    );
  }

  private record(request: IncomingMessage, response: ServerResponse, body: ChatRequest, log: ModelRequest[]) {
    const ended = new AbortController();
    const latch = Promise.withResolvers<void>();
    const entry = {
      headers: request.headers,
      body,
      tools: (body.tools ?? []).map((tool) => tool.function.name),
      aborted: false,
      ended: latch.promise,
    };
    response.once('close', () => {
      entry.aborted = !response.writableFinished;
      ended.abort();
      latch.resolve();
    });
    log.push(entry);
    for (const look of [...this.arrivals]) look();
    return ended.signal;
  }
}

function outOfReplies(): ScriptedReply {
  // a client error, so that nobody tries again
  return reply().fail(400, 'ScriptedModel: no reply was scripted for this request');
}

/** The text of a message, whatever its form. @publicApi */
export function plain(content: ChatMessage['content']): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map((part) => part.text ?? '').join('\n');
}
