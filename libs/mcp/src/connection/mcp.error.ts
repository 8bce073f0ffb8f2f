import { asThrown } from './thrown.js';

/** Codes of JSON-RPC that stand for failures on our side, as the protocol's first SDK numbered them. */
export const CONNECTION_CLOSED = -32000;
export const REQUEST_TIMEOUT = -32001;

const PREFIX = /^(?:MCP error -?\d+: )+/;

/** A request to an MCP server failed; clients and models read `McpError: MCP error <code>: <text>`. */
export class McpError extends Error {
  override readonly name = 'McpError';

  constructor(
    readonly code: number,
    message: string,
    options?: ErrorOptions,
  ) {
    super(`MCP error ${code}: ${message.replace(PREFIX, '')}`, options);
  }

  /** Whether the server said nothing: it was too slow, or is gone. */
  get isOurs(): boolean {
    return this.code === CONNECTION_CLOSED || this.code === REQUEST_TIMEOUT;
  }

  /** What the SDK throws, in the words above; anything else as it is. */
  static from(thrown: unknown): unknown {
    const { name, message = '', code } = asThrown(thrown) ?? {};
    if (name === 'ProtocolError' && typeof code === 'number') return new McpError(code, message, { cause: thrown });
    if (code === 'REQUEST_TIMEOUT') return new McpError(REQUEST_TIMEOUT, 'Request timed out', { cause: thrown });
    if (code === 'CONNECTION_CLOSED' || code === 'NOT_CONNECTED')
      return new McpError(CONNECTION_CLOSED, 'Connection closed', { cause: thrown });
    return thrown;
  }
}

/** The server wants a person to log in. */
export class AuthNeededError extends Error {
  override readonly name = 'AuthNeededError';
}

/** The login does not cover a request: a person has to log in for more. What it does cover goes on working. */
export class ScopeNeededError extends Error {
  override readonly name = 'ScopeNeededError';
}

/** The authorisation server takes only clients that were registered by hand. */
export class RegistrationNeededError extends Error {
  override readonly name = 'RegistrationNeededError';
}
