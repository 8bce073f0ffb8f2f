import type { AssistantMessage } from '#libs/contract';
import { LONGEST_TIMER } from '#libs/extension';

type MessageError = NonNullable<AssistantMessage['error']>;

const FIRST_DELAY = 2_000;
const MAX_DELAY = 30_000;

/**
 * Why an error is worth another attempt, as shown to people; undefined when it is not.
 * Retried are API errors marked so by the provider, and error events whose text is a JSON object (an overloaded
 * provider in mid-stream).
 */
export function retryReason(error: MessageError): string | undefined {
  if (error.name === 'APIError') {
    if (!error.data.isRetryable) return undefined;
    return error.data.message.includes('Overloaded') ? 'Provider is overloaded' : error.data.message;
  }
  if (error.name !== 'UnknownError') return undefined;
  const body = parseObject(error.data.message);
  if (!body) return undefined;
  const text = JSON.stringify(body);
  const found = find(body, 'code');
  const code = typeof found === 'string' ? found : '';
  if (/overloaded/i.test(text) || code.includes('exhausted') || code.includes('unavailable'))
    return 'Provider is overloaded';
  if (find(body, 'type') === 'too_many_requests') return 'Too Many Requests';
  if (code.includes('rate_limit')) return 'Rate Limited';
  return text;
}

/**
 * Milliseconds before the next attempt. What the provider asks for in its headers comes first; else the wait doubles
 * from 2 s to at most 30 s.
 * @param attempt 1 for the first repetition
 */
export function retryDelay(error: MessageError, attempt: number, now: number): number {
  const headers = error.name === 'APIError' ? error.data.responseHeaders : undefined;
  const asked = headers && requestedDelay(headers, now);
  return Math.min(asked ?? Math.min(FIRST_DELAY * 2 ** (attempt - 1), MAX_DELAY), LONGEST_TIMER);
}

function requestedDelay(headers: Record<string, string>, now: number): number | undefined {
  const milliseconds = Number.parseFloat(headers['retry-after-ms'] ?? '');
  if (milliseconds >= 0) return Math.ceil(milliseconds);
  const after = headers['retry-after'];
  if (after === undefined) return undefined;
  const seconds = Number(after);
  if (after.trim() !== '' && seconds >= 0) return Math.ceil(seconds * 1000);
  const until = Date.parse(after) - now;
  return until > 0 ? Math.ceil(until) : undefined;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** The value of a key at the top or one level below (`error.code`). */
function find(body: Record<string, unknown>, key: string): unknown {
  if (key in body && typeof body[key] !== 'object') return body[key];
  const inner = body['error'];
  return typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[key] : undefined;
}
