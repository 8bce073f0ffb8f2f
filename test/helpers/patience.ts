/** Milliseconds that tools wait for diagnostics, and that tests do. */
const LIMIT = 3000;
const PATIENCE = 20_000;

const { timeout } = AbortSignal;

/** In this file tools wait longer for what language servers say: a busy machine is slow, not broken. */
export function waitLongerForDiagnostics(): void {
  beforeAll(() => {
    AbortSignal.timeout = (milliseconds) => timeout.call(AbortSignal, milliseconds === LIMIT ? PATIENCE : milliseconds);
  });
  afterAll(() => {
    AbortSignal.timeout = timeout;
  });
}
