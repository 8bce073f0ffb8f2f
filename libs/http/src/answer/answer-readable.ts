import { Readable } from 'node:stream';
import { flushEventStreams } from '../stream/event-readable.js';

/** JSON may begin with white space. No line break: some clients take an empty line for the end of the answer. */
const SIGN_OF_LIFE = ' ';

/** A JSON text that is not there yet: says that it is coming until it comes. */
export class AnswerReadable extends Readable {
  private readonly beat: NodeJS.Timeout;

  /**
   * @param text must not reject
   * @param interval milliseconds between two signs of life; the first one goes out at once, with the headers
   */
  constructor(text: Promise<string>, interval: number) {
    super();
    this.push(SIGN_OF_LIFE);
    this.beat = setInterval(() => this.push(SIGN_OF_LIFE), interval);
    void text.then((json) => this.finish(json));
  }

  override _read(): void {
    // it comes when it comes
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearInterval(this.beat);
    done(error);
  }

  private finish(json: string): void {
    clearInterval(this.beat);
    if (this.destroyed) return;
    flushEventStreams();
    this.push(json);
    this.push(null);
  }
}
