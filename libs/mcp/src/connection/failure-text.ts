import { logText } from '#libs/contract';
import { withoutSecrets } from './server-log.js';
import { asThrown, httpStatusOf } from './thrown.js';

/** Characters of an error that clients are told. */
const LIMIT = 600;

/** What was thrown while connecting, in one line for a person, without secrets. */
export function failureText(thrown: unknown, secrets: readonly string[]): string {
  const text = logText(withoutSecrets(plain(thrown), secrets));
  return text.length > LIMIT ? `${text.slice(0, LIMIT)}…` : text;
}

function plain(thrown: unknown): string {
  const error = asThrown(thrown);
  if (!error) return String(thrown);
  const { name, message, cause } = error;
  const status = httpStatusOf(error);
  if (status !== undefined) return `HTTP ${status}: ${oneLine(message)}`;
  // fetch says no more than that it failed
  if (message === 'fetch failed' && asThrown(cause)) return plain(cause);
  // several addresses were tried
  if (name === 'AggregateError' && message === '') return plain((error as { errors?: unknown[] }).errors?.[0]);
  return oneLine(message) || name;
}

/** Of an answer that is no JSON, the SDK tells first what the parser says. */
const PARSER = /Invalid OAuth error response: .* Raw body: /s;

const oneLine = (text: string) => text.replace(PARSER, '').replace(/\s+/g, ' ').trim();
