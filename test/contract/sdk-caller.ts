import { createOpencodeClient, type OpencodeClient } from '@opencode-ai/sdk/v2';
import { isDeepStrictEqual } from 'node:util';
import type { TestReply } from '../../src/testing.js';

/** Operations whose body the official client takes as one argument of this name, not field by field. */
const BODY: Record<string, string> = {
  'auth.set': 'auth',
  'config.update': 'config',
  'global.config.update': 'config',
  'part.update': 'part',
  'tui.control.response': 'body',
  'tui.publish': 'body',
  'worktree.create': 'worktreeCreateInput',
  'worktree.remove': 'worktreeRemoveInput',
  'worktree.reset': 'worktreeResetInput',
};

type Call = (parameters?: object) => Promise<{ data?: unknown; error?: unknown }>;

/** A request as it is to arrive. */
export interface SdkRequest {
  operation: string;
  /** Path as documented, `{names}` included. */
  template: string;
  method: string;
  /** With query. */
  path: string;
  json?: unknown;
}

/** Sends requests by the generated methods of the official client, one for each operation. */
export class SdkCaller {
  constructor(
    private readonly url: string,
    private readonly directory: string,
  ) {}

  /** Whether the client has a method for the operation. */
  knows(operation: string): boolean {
    return methodOf(createOpencodeClient(), operation) !== undefined;
  }

  /** Rejects when the client would send something else than what is asked for, or reads the answer as something else. */
  async call({ operation, template, method, path, json }: SdkRequest): Promise<TestReply> {
    const recorder = new Recorder();
    const fetch = (request: string | URL | Request) => recorder.fetch(request as Request);
    const client = createOpencodeClient({ baseUrl: this.url, directory: this.directory, fetch });
    const call = methodOf(client, operation);
    if (!call) throw new Error(`The official client has no method for ${operation}`);
    const address = new URL(path, this.url);
    const names = template.split('/');
    const inPath = address.pathname
      .split('/')
      .flatMap((part, at) => (names[at]?.startsWith('{') ? [[names[at].slice(1, -1), decodeURIComponent(part)]] : []));
    const whole = BODY[operation];
    const body = json === undefined ? {} : whole === undefined ? (json as object) : { [whole]: json };
    const parameters = { ...body, ...Object.fromEntries(address.searchParams), ...Object.fromEntries(inPath) };
    const result = await call(parameters);
    const { sent, received } = recorder;
    if (!sent || !received) throw new Error(`${operation}: nothing was sent`);
    const expected = { method, path: address.pathname + address.search, json: empty(json) ? undefined : json };
    if (!isDeepStrictEqual({ ...sent, json: empty(sent.json) ? undefined : sent.json }, expected))
      throw new Error(`The official client sends ${JSON.stringify(sent)} for ${JSON.stringify(expected)}`);
    const answer = parsed(received.text);
    const read = received.status < 300 ? result.data : result.error;
    // an answer without a body reads as an empty object
    if (received.text !== '' && !isDeepStrictEqual(read, answer))
      throw new Error(`${operation}: the official client reads ${received.text} as ${JSON.stringify(read)}`);
    return { status: received.status, headers: received.headers, body: answer };
  }
}

/** What went over the network in one call. */
class Recorder {
  sent?: { method: string; path: string; json: unknown };
  received?: { status: number; headers: Headers; text: string };

  async fetch(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const text = await request.clone().text();
    this.sent = { method: request.method, path: pathname + search, json: text === '' ? undefined : parsed(text) };
    const response = await fetch(request);
    const { status, headers } = response;
    this.received = { status, headers, text: await response.clone().text() };
    return response;
  }
}

/** `session.prompt_async` is `client.session.promptAsync`. */
function methodOf(client: OpencodeClient, operation: string): Call | undefined {
  const steps = operation.split('.').map((name) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()));
  const last = steps.pop()!;
  const group = steps.reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], client);
  const method = (group as Record<string, unknown> | undefined)?.[last];
  return typeof method === 'function' ? (method.bind(group) as Call) : undefined;
}

const empty = (json: unknown): boolean =>
  json === undefined || (typeof json === 'object' && json !== null && Object.keys(json).length === 0);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
