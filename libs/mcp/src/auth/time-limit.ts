/** Milliseconds a request of a login may take. */
const LIMIT = 30_000;

/** Requests that end: one that hangs would keep all later logins waiting. */
export const withTimeLimit =
  (request: typeof fetch): typeof fetch =>
  (input, init) => {
    const limit = AbortSignal.timeout(LIMIT);
    return request(input, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, limit]) : limit });
  };
