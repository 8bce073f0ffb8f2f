/** What may be known of something that was thrown. */
export interface Thrown {
  name: string;
  message: string;
  /** Of the system, of the protocol, or of HTTP. */
  code?: unknown;
  /** Of HTTP. */
  status?: unknown;
  data?: unknown;
  cause?: unknown;
}

/** An error by its looks: those of `fetch` may belong to another realm, where `instanceof` does not reach. */
export function asThrown(value: unknown): Thrown | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { name, message } = value as Partial<Thrown>;
  return typeof name === 'string' && typeof message === 'string' ? (value as Thrown) : undefined;
}

/** The HTTP status an error of a transport stands for. */
export function httpStatusOf(value: unknown): number | undefined {
  const { status, code } = asThrown(value) ?? {};
  const number = isStreamError(value) ? code : status;
  return typeof number === 'number' ? number : undefined;
}

/** Whether the event stream of the older HTTP transport broke, or could not be opened. */
export const isStreamError = (value: unknown): boolean =>
  asThrown(value)?.message.startsWith('SSE error') === true && 'event' in (value as object);
