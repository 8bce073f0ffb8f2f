/** Settings of the HTTP edge, all optional; see {@link HttpOptionsModule}. @publicApi */
export interface HttpOptions {
  /**
   * Directories below which requests may work, links resolved. Absent = anywhere the process may read.
   * The directory of requests that name none has to lie below one of them too.
   */
  allowedRoots?: readonly string[];
  /**
   * Whether pages of another origin may open WebSockets, beside those of the server's own. Default: none. Programs that
   * are no browsers name no origin and are not asked about.
   */
  allowedOrigin?: (origin: string) => boolean;
  /**
   * Path before every route, for clients of plugins. Default: the prefix of OpencodeHttpModule. Needed beside
   * `app.setGlobalPrefix()`.
   */
  basePath?: string;
  /** Milliseconds between two heartbeats of an event stream. Default 30 000. */
  heartbeat?: number;
  /** Bytes that may wait for a client that does not read its event stream before it is dropped. Default 8 MiB. */
  maxPending?: number;
  /** Answers that take long: see `AnswersLong`. */
  longAnswers?: {
    /** Milliseconds after which the headers are sent. Default 1 000. */
    patience?: number;
    /** Milliseconds between two signs of life. Default 15 000. */
    interval?: number;
  };
}

/** Injection token of {@link HttpOptions}. @publicApi */
export const HTTP_OPTIONS = Symbol('HttpOptions');
