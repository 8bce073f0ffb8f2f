import { asThrown } from './thrown.js';

/** Whether an error of a request says that the server, or the session with it, is no longer there. */
export function isGone(error: unknown): boolean {
  const code = asThrown(error)?.code;
  return code === 'CONNECTION_CLOSED' || code === 'NOT_CONNECTED' || isSessionGone(error) || isUnreachable(error);
}

/** Whether a server of the HTTP transport refused a request because it does not know the session: it did nothing. */
export function isSessionGone(error: unknown): boolean {
  const { status, data } = asThrown(error) ?? {};
  // 404 is what the protocol asks for, 400 what servers made from examples answer
  return status === 404 || (status === 400 && /session/i.test(String((data as { text?: unknown } | undefined)?.text)));
}

/** Whether `fetch` reached nobody, or was cut off. */
function isUnreachable(error: unknown): boolean {
  const { name, message = '' } = asThrown(error) ?? {};
  return name === 'TypeError' && ['fetch failed', 'terminated'].includes(message);
}
