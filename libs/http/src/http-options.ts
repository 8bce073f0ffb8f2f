/** Settings of the HTTP edge, all optional; see {@link HttpOptionsModule}. @publicApi */
export interface HttpOptions {
  /**
   * Directories below which requests may work, links resolved. Absent = anywhere the process may read.
   * The directory of requests that name none has to lie below one of them too.
   */
  allowedRoots?: readonly string[];
  /** Milliseconds between two heartbeats of an event stream. Default 30 000. */
  heartbeat?: number;
  /** Bytes that may wait for a client that does not read its event stream before it is dropped. Default 8 MiB. */
  maxPending?: number;
}

/** Injection token of {@link HttpOptions}. @publicApi */
export const HTTP_OPTIONS = Symbol('HttpOptions');
