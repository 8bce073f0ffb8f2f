import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { type Observable, Subscription } from 'rxjs';

export interface EventReadableOptions {
  /** JSON text of the first event: it sends the headers and tells the client that nothing is missed from here on. */
  first: string;
  /** JSON text sent again and again, so that both sides notice a dead connection. */
  heartbeat: string;
  /** Milliseconds between two heartbeats. */
  interval: number;
  /** Bytes that may wait for the client, besides the largest event, before it is dropped. */
  maxPending: number;
}

let latest = { text: '', frame: Buffer.alloc(0) };

/** An event goes to all its streams one after the other: remembering one frame encodes it once for all of them. */
function frameOf(text: string): Buffer {
  if (text !== latest.text) latest = { text, frame: Buffer.from(`data: ${text}\n\n`) };
  return latest.frame;
}

/**
 * Server-sent events, `data: {json}` and a blank line each, out of an observable of JSON texts. Subscribes when it is
 * made: a client that sends its prompt along with the request for the stream misses nothing.
 */
export class EventReadable extends Readable {
  private readonly beat: NodeJS.Timeout;
  private readonly subscription = new Subscription();
  /** Bytes of the largest event since nothing waited: one event, however large, is no reason to drop a client. */
  private largest = 0;

  constructor(
    events: Observable<string>,
    private readonly options: EventReadableOptions,
    private readonly response: ServerResponse,
  ) {
    super({ highWaterMark: 64 * 1024 });
    // it may fail before anything reads it; who reads it hears of it anyway
    this.on('error', () => undefined);
    this.send(options.first);
    this.beat = setInterval(() => this.send(options.heartbeat), options.interval);
    this.subscription.add(
      events.subscribe({
        next: (text) => this.send(text),
        error: (error: Error) => this.destroy(error),
        complete: () => {
          clearInterval(this.beat);
          // a server that ends may cut its connections next
          this.flush();
          this.push(null);
        },
      }),
    );
  }

  override _read(): void {
    // events come when they come
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.flush();
    clearInterval(this.beat);
    this.subscription.unsubscribe();
    done(error);
  }

  private send(text: string): void {
    if (this.destroyed || this.readableEnded) return;
    this.flushSoon();
    const frame = frameOf(text);
    this.largest = Math.max(this.pending === 0 ? 0 : this.largest, frame.length);
    this.push(frame);
    if (this.pending > this.options.maxPending + this.largest) this.destroy();
  }

  private get pending(): number {
    return this.readableLength + this.response.writableLength;
  }

  /** Hands what was held back to the socket. */
  flush(): void {
    if (waiting.delete(this)) this.response.uncork();
  }

  /** Events that come in one turn of the event loop leave in one piece, unless an answer is given before. */
  private flushSoon(): void {
    if (waiting.has(this)) return;
    if (waiting.size === 0) setImmediate(flushEventStreams);
    waiting.add(this);
    this.response.cork();
  }
}

/** Streams that hold events back. */
const waiting = new Set<EventReadable>();

/**
 * Hands all events published so far to their sockets. Called before anything is answered: to a client its answer means
 * that it has been told everything that led to it.
 */
export function flushEventStreams(): void {
  for (const stream of waiting) stream.flush();
}
