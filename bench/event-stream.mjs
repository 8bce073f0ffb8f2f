const DELTA = '"type":"message.part.delta"';
const IDLE = '"type":"session.idle"';
/** Milliseconds from one look at a stream to the end of the wait. */
const WAIT_LIMIT = 120_000;

/** Counts what comes over an event stream, as cheaply as it can: the reader shares the machine with the server. */
export class EventStream {
  deltas = 0;
  frames = 0;
  bytes = 0;
  #response;
  #rest = '';
  #idle = Promise.withResolvers();

  constructor(response) {
    this.#response = response;
    // nobody may be waiting when the stream ends
    this.#idle.promise.catch(() => undefined);
    response.setEncoding('utf8').on('data', (piece) => this.#take(piece));
    response.once('error', (error) => this.#idle.reject(error));
    response.once('close', () => this.#idle.reject(new Error('The event stream ended')));
  }

  /** Resolves when a session has become idle since the last wait. */
  async idle() {
    const { promise, resolve, reject } = Promise.withResolvers();
    const timer = setTimeout(() => reject(new Error(`No session.idle within ${WAIT_LIMIT} ms`)), WAIT_LIMIT);
    this.#idle.promise.then(resolve, reject);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
    }
    this.#idle = Promise.withResolvers();
    this.#idle.promise.catch(() => undefined);
  }

  close() {
    this.#response.destroy();
  }

  #take(piece) {
    this.bytes += piece.length;
    const text = this.#rest + piece;
    let from = 0;
    for (let end; (end = text.indexOf('\n\n', from)) !== -1; from = end + 2) {
      this.frames++;
      // the type stands at the start of a frame, after an id at most
      const head = text.slice(from, Math.min(end, from + 200));
      if (head.includes(DELTA)) this.deltas++;
      else if (head.includes(IDLE)) this.#idle.resolve();
    }
    this.#rest = text.slice(from);
  }
}
