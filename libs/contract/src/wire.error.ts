import type { Issue } from './issue.js';

/** What every failed request answers, apart from failed validation: a name to switch on, and data that explains. */
export interface WireErrorBody {
  name: string;
  data: Record<string, unknown>;
}

/** A registered symbol: errors of another copy of this package are recognised too. */
const MARK = Symbol.for('opencode.contract.wire-error');

/**
 * An error that a client is meant to see: HTTP status and body. Anything else that is thrown becomes `UnknownError`.
 *
 * @example throw new NotFoundError(`Session not found: ${id}`);
 * @publicApi
 */
export class WireError extends Error {
  readonly [MARK] = true;

  constructor(
    /** Name on the wire; may differ from the name of the class. */
    override readonly name: string,
    /** HTTP status. */
    readonly status: number,
    readonly data: Record<string, unknown>,
    options?: ErrorOptions,
  ) {
    super(typeof data.message === 'string' ? data.message : name, options);
  }

  /** The body to answer with. */
  toBody(): object {
    return { name: this.name, data: this.data } satisfies WireErrorBody;
  }

  /** Recognises the errors of this class by a mark, not by identity. */
  static is(value: unknown): value is WireError {
    return typeof value === 'object' && value !== null && MARK in value;
  }

  /** Whatever was thrown, as something a client may see. */
  static from(thrown: unknown): WireError {
    return WireError.is(thrown) ? thrown : new InternalError(thrown);
  }
}

/** First line of what was thrown: no stack, nothing after a line break. */
export function errorText(thrown: unknown): string {
  return describe(thrown).split(/\r?\n/, 1)[0] ?? '';
}

function describe(thrown: unknown): string {
  if (thrown instanceof Error) return `${thrown.name}: ${thrown.message}`;
  if (typeof thrown !== 'object' || thrown === null) return String(thrown);
  const { message } = thrown as { message?: unknown };
  return typeof message === 'string' ? message : 'An object was thrown';
}

/** Something unexpected: 500 `UnknownError` with the first line of the message. */
export class InternalError extends WireError {
  constructor(thrown: unknown) {
    super('UnknownError', 500, { message: errorText(thrown) }, { cause: thrown });
  }
}

export class NotFoundError extends WireError {
  constructor(message: string) {
    super('NotFoundError', 404, { message });
  }
}

/** A request that was understood and cannot be carried out as asked; for failed validation see `BadRequestError`. */
export class InvalidRequestError extends WireError {
  constructor(message: string, data: Record<string, unknown> = {}) {
    super('InvalidRequestError', 400, { ...data, message });
  }
}

/**
 * Failed validation: `{ data, error, errors, success: false }`. Clients read `error`; the published document calls the
 * same list `errors`.
 */
export class BadRequestError extends WireError {
  constructor(
    /** The input as it was received. */
    readonly input: unknown,
    readonly issues: Issue[],
  ) {
    super('BadRequestError', 400, { message: issues.map((issue) => issue.message).join('; '), issues });
  }

  override toBody(): object {
    return { data: this.input ?? null, error: this.issues, errors: this.issues, success: false };
  }
}

export class ForbiddenError extends WireError {
  constructor(message: string) {
    super('ForbiddenError', 403, { message });
  }
}

/** The request contradicts what is stored, such as a message id that is taken. */
export class ConflictError extends WireError {
  constructor(message: string) {
    super('ConflictError', 409, { message });
  }
}

/** The session is running and the call needs it idle. */
export class SessionBusyError extends WireError {
  constructor(sessionID: string) {
    super('SessionBusyError', 409, { sessionID, message: `Session ${sessionID} is busy` });
  }
}

export class ProviderModelNotFoundError extends WireError {
  constructor(providerID: string, modelID: string, suggestions: string[] = []) {
    const hint = suggestions.length > 0 ? ` Did you mean: ${suggestions.join(', ')}?` : '';
    const message = `Model not found: ${providerID}/${modelID}.${hint}`;
    super('ProviderModelNotFoundError', 400, { providerID, modelID, suggestions, message });
  }
}

/** A configuration file has a wrong value. */
export class ConfigInvalidError extends WireError {
  constructor(data: { path: string; issues?: Issue[]; message?: string }) {
    super('ConfigInvalidError', 500, data);
  }
}

/** A configuration file is not JSON. */
export class ConfigJsonError extends WireError {
  constructor(data: { path: string; message?: string }) {
    super('ConfigJsonError', 500, data);
  }
}

/** A package could not be brought from the npm registry; the name is the one clients know. */
export class PackageInstallError extends WireError {
  constructor(pkg: string, version: string, why: string, options?: ErrorOptions) {
    const advice =
      'Check the name and the network, or install it by hand: for a plugin, name its folder by path in "plugin".';
    const message = `Cannot install ${pkg} (${version}): ${why}\n${advice}`;
    super('BunInstallFailedError', 500, { pkg, version, message }, options);
  }
}
