import { type LogInput, logText } from '#libs/contract';

/** Characters of a line that are kept. */
const LIMIT = 4000;
const SECRET_NAME = /(?:pass(?:word|phrase)?|secret|token|credential|authorization|cookie|api[-_]?key|^key$)/i;

/** One line of log out of what a client sent: secrets taken out, line breaks escaped, cut to a limit. */
export function logLine({ service, message, extra }: LogInput): string {
  const more = extra && Object.keys(extra).length > 0 ? ` ${JSON.stringify(extra, hidden)}` : '';
  const safe = logText(`[${service}] ${message}${more}`);
  return safe.length > LIMIT ? `${safe.slice(0, LIMIT)}…` : safe;
}

const hidden = (key: string, value: unknown): unknown => (SECRET_NAME.test(key) ? '[redacted]' : value);
