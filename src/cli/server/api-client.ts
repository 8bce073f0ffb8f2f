import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { EventMap, EventType } from '#libs/contract';

/** An event of the stream, its properties by its type. */
export type ApiEvent = { [Type in EventType]: { readonly type: Type; readonly properties: EventMap[Type] } }[EventType];

/** The server refused or failed; name, data and message are its own. */
export class ApiError extends Error {
  override readonly name: string = 'ApiError';
  readonly data: object = {};

  constructor(
    readonly status: number,
    message: string,
    answer?: unknown,
  ) {
    super(message);
    if (isErrorBody(answer)) ({ name: this.name, data: this.data } = answer);
  }
}

export interface ApiClientOptions {
  url: string;
  /** The project directory that requests are about. */
  directory: string;
  credentials?: { username: string; password: string };
}

/** Talks to a server of this API, ours or the reference. */
export class ApiClient {
  readonly url: string;
  private readonly headers: Record<string, string>;

  constructor({ url, directory, credentials }: ApiClientOptions) {
    this.url = url.replace(/\/+$/, '');
    this.headers = { 'x-opencode-directory': encodeURIComponent(directory) };
    if (credentials) {
      const { username, password } = credentials;
      this.headers['authorization'] = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    }
  }

  get<T>(path: string, query: Readonly<Record<string, string | number | boolean | undefined>> = {}): Promise<T> {
    const given = Object.entries(query).filter(([, value]) => value !== undefined);
    const search = new URLSearchParams(Object.fromEntries(given.map(([name, value]) => [name, String(value)])));
    return this.send('GET', given.length === 0 ? path : `${path}?${search.toString()}`);
  }

  post<T>(path: string, body?: object): Promise<T> {
    return this.send('POST', path, body);
  }

  /** Rejects with an {@link ApiError} for an answer that is none. */
  async send<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await this.fetch(path, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { ...this.headers, 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    const answer = parsed(text);
    // an error that came after the headers is the body of a 200
    const late = response.ok && isErrorBody(answer);
    if (!response.ok || late) throw new ApiError(response.status, messageOf(answer, response.status, text), answer);
    return answer as T;
  }

  /** Opens the event stream: resolves when the server listens, so that nothing published afterwards is missed. */
  async events(signal: AbortSignal): Promise<AsyncIterable<ApiEvent>> {
    const response = await this.fetch('/event', { signal });
    if (!response.ok || !response.body)
      throw new ApiError(response.status, messageOf(undefined, response.status, await response.text()));
    const frames = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
    return eventsOf(frames);
  }

  private async fetch(path: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(this.url + path, { headers: this.headers, ...init });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      throw new Error(`The server at ${this.url} cannot be reached: ${cause}`, { cause: error });
    }
  }
}

async function* eventsOf(frames: ReadableStream<{ data: string }>): AsyncIterable<ApiEvent> {
  for await (const { data } of frames) yield JSON.parse(data) as ApiEvent;
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

interface ErrorBody {
  name?: unknown;
  data?: { message?: unknown };
  error?: { message: string; path?: (string | number)[] }[];
}

function isErrorBody(answer: unknown): answer is { name: string; data: object } {
  const body = answer as ErrorBody | null | undefined;
  return typeof body?.name === 'string' && /Error$/.test(body.name) && typeof body.data === 'object';
}

function messageOf(answer: unknown, status: number, text: string): string {
  const body = answer as ErrorBody | undefined;
  if (typeof body?.data?.message === 'string') return body.data.message;
  if (Array.isArray(body?.error))
    return body.error.map(({ message, path }) => `${message}${path?.length ? ` at ${path.join('.')}` : ''}`).join('\n');
  if (status === 401) return 'The server wants a password: give --password or set OPENCODE_SERVER_PASSWORD';
  if (typeof body?.name === 'string') return body.name;
  return `The server answered ${status}${text === '' ? '' : `: ${text.slice(0, 200)}`}`;
}
