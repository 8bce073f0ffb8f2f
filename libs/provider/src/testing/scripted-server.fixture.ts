import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- bodies are looked at as they come
  body: any;
  /** The body as it came. */
  text: string;
}

/** JSON, or a form as an object. */
function bodyOf(text: string, type = ''): unknown {
  if (text === '') return undefined;
  return type.includes('form') ? Object.fromEntries(new URLSearchParams(text)) : JSON.parse(text);
}

/** An HTTP server on a free port that answers as told and remembers what it was asked. */
export class ScriptedServer implements AsyncDisposable {
  readonly requests: SeenRequest[] = [];
  answer: (response: ServerResponse, request: SeenRequest) => void = (response) => void response.writeHead(404).end();
  private readonly server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const body = bodyOf(text, headers['content-type']);
      const seen: SeenRequest = { method, path: url, headers, body, text };
      this.requests.push(seen);
      this.answer(response, seen);
    });
  });

  static async start(): Promise<ScriptedServer> {
    const scripted = new ScriptedServer();
    await new Promise<void>((resolve) => scripted.server.listen(0, '127.0.0.1', resolve));
    return scripted;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  json(value: unknown, headers: Record<string, string> = {}): void {
    this.answer = (response) =>
      void response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
  }

  /** Answers with server-sent events. */
  events(events: readonly object[], end = ''): void {
    this.answer = (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const event of events) {
        if ('type' in event) response.write(`event: ${String(event.type)}\n`);
        response.write(`data: ${JSON.stringify(event)}\n\n`);
      }
      response.end(end);
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
