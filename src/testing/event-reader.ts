import { waitFor } from './wait-for.js';

/** An event as it came over the wire. @publicApi */
export interface ReceivedEvent {
  readonly type: string;
  // bodies are looked at by tests as they come
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads whatever it expects
  readonly properties: Record<string, any>;
  /** On `/global/event` only. */
  readonly directory?: string;
}

/** Which event a test waits for: its type, or what a function says. @publicApi */
export type EventMatcher = string | ((event: ReceivedEvent) => boolean);

/**
 * Reads an event stream of the server and keeps every event in order.
 *
 * @example
 * using events = await server.events({ directory });
 * await events.until('session.idle');
 * expect(events.types()).toEqual([...]);
 * @publicApi
 */
export class EventReader implements Disposable {
  /** Every event so far, heartbeats left out. */
  readonly log: ReceivedEvent[] = [];
  /** The stream as it came, byte by byte. */
  raw = '';
  private position = 0;
  private buffer = '';
  private over: string | undefined;
  private readonly wakers = new Set<() => void>();
  private readonly abort: AbortController;

  private constructor(
    readonly response: Response,
    abort: AbortController,
  ) {
    this.abort = abort;
  }

  /** Opens a stream and waits until the server has answered. */
  static async open(url: string | URL, headers: Record<string, string> = {}): Promise<EventReader> {
    const abort = new AbortController();
    const response = await fetch(url, { headers, signal: abort.signal });
    if (!response.ok || !response.body)
      throw new Error(`${String(url)} answered ${response.status}: ${await response.text()}`);
    const reader = new EventReader(response, abort);
    void reader.pump(response.body);
    return reader;
  }

  /** The next event that matches, after the one returned last; those between are passed over. */
  async next(matcher: EventMatcher = () => true, timeout?: number): Promise<ReceivedEvent> {
    return (await this.until(matcher, timeout)).at(-1)!;
  }

  /** All events after the one returned last, up to and with the first that matches. */
  async until(matcher: EventMatcher, timeout?: number): Promise<ReceivedEvent[]> {
    const matches = typeof matcher === 'string' ? (event: ReceivedEvent) => event.type === matcher : matcher;
    const from = this.position;
    let at = from;
    const ready = () => {
      while (at < this.log.length) if (matches(this.log[at++]!)) return true;
      if (this.over !== undefined) throw new Error(`The event stream ended: ${this.over}. ${this.describe(from)}`);
      return false;
    };
    const what = typeof matcher === 'string' ? `the event ${matcher}` : 'an event';
    await waitFor(ready, this.wakers, () => `${what}. ${this.describe(from)}`, timeout);
    this.position = at;
    return this.log.slice(from, at);
  }

  /** Resolves when the server has ended the stream. */
  async ended(timeout?: number): Promise<void> {
    await waitFor(() => this.over !== undefined, this.wakers, 'the end of the event stream', timeout);
  }

  /** Types in order; with a filter only those that start with it. */
  types(prefix = ''): string[] {
    return this.log.map(({ type }) => type).filter((type) => type.startsWith(prefix));
  }

  /** Events of one type, or those that match. */
  all(matcher: EventMatcher): ReceivedEvent[] {
    return this.log.filter((event) => (typeof matcher === 'string' ? event.type === matcher : matcher(event)));
  }

  close(): void {
    this.abort.abort();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  private async pump(body: ReadableStream<Uint8Array>): Promise<void> {
    try {
      for await (const piece of body.pipeThrough(new TextDecoderStream())) this.take(piece);
      this.over = 'closed by the server';
    } catch (error) {
      this.over = this.abort.signal.aborted ? 'closed by the test' : String(error);
    }
    for (const look of [...this.wakers]) look();
  }

  private take(piece: string): void {
    this.raw += piece;
    this.buffer += piece;
    // a large event comes in many pieces, and none but the last has an end of line
    if (!piece.includes('\n')) return;
    const frames = this.buffer.split('\n\n');
    this.buffer = frames.pop() ?? '';
    for (const frame of frames) {
      const data = frame
        .split('\n')
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).trimStart())
        .join('\n');
      if (data !== '') this.keep(JSON.parse(data) as ReceivedEvent | { directory?: string; payload: ReceivedEvent });
    }
    for (const look of [...this.wakers]) look();
  }

  private keep(body: ReceivedEvent | { directory?: string; payload: ReceivedEvent }): void {
    const event = 'payload' in body ? { directory: body.directory, ...body.payload } : body;
    if (event.type !== 'server.heartbeat') this.log.push(event);
  }

  private describe(from: number): string {
    return `Seen meanwhile: ${
      this.log
        .slice(from)
        .map(({ type }) => type)
        .join(', ') || 'nothing'
    }`;
  }
}
