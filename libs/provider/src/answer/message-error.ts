import type { APICallError } from '@ai-sdk/provider';
import { STATUS_CODES } from 'node:http';
import type { AssistantMessage } from '#libs/contract';
import { definedOnly, isRecord } from '../record.js';
import { isContextOverflow } from './context-overflow.js';

export type MessageError = NonNullable<AssistantMessage['error']>;

const RESET = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'ConnectionClosed']);
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'ConnectionRefused',
  'FailedToOpenSocket',
]);

/**
 * What went wrong with a model call, in the form stored with the message.
 * @param context.providerID provider that was called
 */
export function toMessageError(error: unknown, context: { providerID: string }): MessageError {
  if (isAbort(error)) return { name: 'MessageAbortedError', data: { message: error.message || 'Aborted' } };
  if (hasMarker(error, 'AI_LoadAPIKeyError'))
    return { name: 'ProviderAuthError', data: { providerID: context.providerID, message: messageOf(error) } };
  const text = textOf(error);
  if (isContextOverflow(text) || isContextOverflow(bodyOf(error) ?? '')) return overflow(text, bodyOf(error));
  const system = systemError(error);
  if (system && RESET.has(system.code)) return reset(system);
  if (system && UNREACHABLE.has(system.code)) return unreachable(error, system.code);
  // whatever else kept the request from being sent: a port that is forbidden, a certificate that is wrong
  if (isUnsent(error)) return unreachable(error, isRecord(error.cause) ? messageOf(error.cause) : 'request not sent');
  if (isCallError(error)) return callError(error, context.providerID);
  if (isStreamError(error))
    return { name: 'APIError', data: definedOnly({ ...pickStream(error), isRetryable: error.isRetryable ?? false }) };
  if (isErrorFrame(error)) return { name: 'APIError', data: { message: error.message, isRetryable: isPassing(error) } };
  return { name: 'UnknownError', data: { message: text } };
}

function callError(error: APICallError, providerID: string): MessageError {
  // gateways that speak the OpenAI protocol answer 404 while a model is being loaded
  const loading = error.statusCode === 404 && providerID.startsWith('openai');
  return {
    name: 'APIError',
    data: definedOnly({
      message: callMessage(error),
      statusCode: error.statusCode,
      isRetryable: error.isRetryable || loading,
      responseHeaders: error.responseHeaders,
      responseBody: error.responseBody,
      metadata: error.url ? { url: error.url } : undefined,
    }),
  };
}

/** The provider's own words; when they are only the name of the status, what the body says as well. */
function callMessage(error: APICallError): string {
  const phrase = STATUS_CODES[error.statusCode ?? 0];
  const body = error.responseBody?.trim() ?? '';
  if (!error.message) return body || phrase || 'Unknown error';
  if (error.message !== phrase || !body) return error.message;
  return `${phrase}: ${bodyMessage(body)}`;
}

function bodyMessage(body: string): string {
  const parsed = parse(body);
  if (!isRecord(parsed)) return body;
  const { message, error } = parsed;
  if (typeof message === 'string' && message) return message;
  if (typeof error === 'string' && error) return error;
  if (isRecord(error) && typeof error['message'] === 'string' && error['message']) return error['message'];
  return body;
}

function overflow(message: string, responseBody?: string): MessageError {
  return { name: 'ContextOverflowError', data: definedOnly({ message, responseBody }) };
}

function reset(system: SystemError): MessageError {
  const { code, syscall, message } = system;
  return {
    name: 'APIError',
    data: {
      message: 'Connection reset by server',
      isRetryable: true,
      metadata: { code, syscall: syscall ?? '', message },
    },
  };
}

function unreachable(error: unknown, reason: string): MessageError {
  const url = isCallError(error) ? URL.parse(error.url)?.origin : undefined;
  const where = url ? `${url} did not answer` : 'The provider did not answer';
  return {
    name: 'UnknownError',
    data: { message: `Error: Unable to connect. ${where} (${reason}): check the address and that the server runs.` },
  };
}

/** `Name: text` of an error; the JSON of anything else that was thrown. */
function textOf(error: unknown): string {
  if (isCallError(error)) return callMessage(error);
  if (isStreamError(error)) return error.message;
  if (isNamed(error, 'TimeoutError')) return 'TimeoutError: The operation timed out.';
  if (isError(error)) return `${error.name}: ${error.message}`;
  try {
    return JSON.stringify(error) ?? String(error);
  } catch {
    return String(error);
  }
}

function bodyOf(error: unknown): string | undefined {
  return isCallError(error) ? error.responseBody : undefined;
}

function messageOf(error: unknown): string {
  return isError(error) ? error.message : String(error);
}

interface SystemError {
  code: string;
  message: string;
  syscall?: string;
}

/** The first error with a system code on the chain of causes. */
function systemError(error: unknown): SystemError | undefined {
  let current = error;
  for (let depth = 0; depth < 5 && isRecord(current); depth++) {
    const { code, message, syscall } = current;
    if (typeof code === 'string' && (RESET.has(code) || UNREACHABLE.has(code)))
      return {
        code,
        message: typeof message === 'string' ? message : code,
        ...(typeof syscall === 'string' ? { syscall } : {}),
      };
    current = current['cause'];
  }
  return undefined;
}

function isAbort(error: unknown): error is Error {
  return isNamed(error, 'AbortError') || isNamed(error, 'ResponseAborted');
}

function isNamed(error: unknown, name: string): error is Error {
  return isError(error) && error.name === name;
}

/** Looks at the shape: errors of another realm or copy are no instances of this one's Error. */
function isError(error: unknown): error is Error {
  return (
    isRecord(error) && typeof error['name'] === 'string' && typeof error['message'] === 'string' && 'stack' in error
  );
}

/** Errors of the AI SDK carry global symbols, so that they are known across copies of the package. */
function hasMarker(error: unknown, name: string): boolean {
  const marker = Symbol.for(`vercel.ai.error.${name}`);
  return isRecord(error) && marker in error && (error as Record<symbol, unknown>)[marker] === true;
}

function isUnsent(error: unknown): error is Error {
  return isError(error) && (error.message === 'fetch failed' || error.message.startsWith('Cannot connect to API'));
}

function isCallError(error: unknown): error is APICallError {
  return hasMarker(error, 'AI_APICallError');
}

interface StreamError {
  message: string;
  statusCode?: number;
  isRetryable?: boolean;
}

/** An error frame inside a stream, already understood by the adapter. */
function isStreamError(error: unknown): error is StreamError {
  const marker = Symbol.for('vercel.ai.providerStreamError');
  return isRecord(error) && (error as Record<symbol, unknown>)[marker] === true;
}

function pickStream({ message, statusCode }: StreamError) {
  return { message, statusCode };
}

interface ErrorFrame {
  message: string;
  type?: unknown;
  code?: unknown;
}

/** An error frame inside a stream as OpenAI-compatible servers send it, which their adapter hands on as it is. */
function isErrorFrame(error: unknown): error is ErrorFrame {
  return isRecord(error) && !('stack' in error) && typeof error['message'] === 'string' && error['message'] !== '';
}

/** Whether the frame speaks of a trouble that may be over soon; nobody should wait for credit to come back by itself. */
function isPassing({ message, type, code }: ErrorFrame): boolean {
  const status = Number(code);
  return (
    [408, 409, 429].includes(status) ||
    status >= 500 ||
    /overloaded|exhausted|unavailable|too_many_requests|rate_limit|server_error|api_error|internal|timeout/i.test(
      `${String(type)} ${String(code)}`,
    ) ||
    /overloaded/i.test(message)
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
