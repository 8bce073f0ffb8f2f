/** Milliseconds an answer may take. */
const PATIENCE = 60_000;

/** Options of {@link TestServer.fetch}. @publicApi */
export interface TestRequest extends Omit<RequestInit, 'body' | 'headers'> {
  headers?: Record<string, string>;
  /** Sent as the header that chooses the project. */
  directory?: string;
  /** Sent as a JSON body; makes the method POST unless it is given. */
  json?: unknown;
  body?: RequestInit['body'];
}

/** Status and parsed body of an answer; the text when it is no JSON. @publicApi */
export interface TestReply {
  readonly status: number;
  readonly headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads whatever it expects
  readonly body: any;
}

/** Sends a request. */
export function sendRequest(url: URL, request: TestRequest): Promise<Response> {
  const { directory, json, headers = {}, ...init } = request;
  return fetch(url, {
    signal: AbortSignal.timeout(PATIENCE),
    ...(json === undefined ? {} : { method: 'POST', body: JSON.stringify(json) }),
    ...init,
    headers: {
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...(directory === undefined ? {} : { 'x-opencode-directory': encodeURIComponent(directory) }),
      ...headers,
    },
  });
}

/** Reads an answer. */
export async function readReply(response: Response): Promise<TestReply> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
