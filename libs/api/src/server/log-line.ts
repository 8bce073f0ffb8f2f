import { type LogInput, logText } from '#libs/contract';
import { isSecretName } from '#libs/extension';

/** Characters of a line that are kept. */
const LIMIT = 4000;

/** One line of log out of what a client sent: secrets taken out, line breaks escaped, cut to a limit. */
export function logLine({ service, message, extra }: LogInput): string {
  const more = extra && Object.keys(extra).length > 0 ? ` ${JSON.stringify(extra, hidden)}` : '';
  // looked through no further than it can be shown
  const safe = logText(`[${service}] ${message}${more}`.slice(0, 4 * LIMIT));
  return safe.length > LIMIT ? `${safe.slice(0, LIMIT)}…` : safe;
}

const hidden = (key: string, value: unknown): unknown => (isSecretName(key) ? '[redacted]' : value);
