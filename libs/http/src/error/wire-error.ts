import { HttpException } from '@nestjs/common';
import { STATUS_CODES } from 'node:http';
import { BadRequestError, type Issue, WireError } from '#libs/contract';

/** Whatever a handler, Nest or the HTTP server threw, as something a client may see. */
export function wireErrorOf(thrown: unknown): WireError {
  if (WireError.is(thrown)) return thrown;
  if (thrown instanceof HttpException) return statusError(thrown.getStatus(), messagesOf(thrown));
  const status = clientFault(thrown);
  return status === undefined ? WireError.from(thrown) : statusError(status, [(thrown as Error).message]);
}

/** 400 has the documented shape of a failed validation; the others are named after their status. */
function statusError(status: number, messages: string[]): WireError {
  if (status === 400) return new BadRequestError(null, messages.map(issueOf));
  const name = (STATUS_CODES[status] ?? 'Http').replace(/[^A-Za-z]/g, '').replace(/(Error)?$/, 'Error');
  return new WireError(name, status, { message: messages.join('; ') });
}

const issueOf = (message: string): Issue => ({ code: 'custom', path: [], message });

/** Nest's own pipes put a list of messages into the answer. */
function messagesOf(exception: HttpException): string[] {
  const answer = exception.getResponse();
  const message = typeof answer === 'object' && 'message' in answer ? answer.message : undefined;
  return Array.isArray(message) ? message.map(String) : [exception.message];
}

/** Status of an error by which the HTTP server refuses a request: too large, not decodable, … */
function clientFault(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const { statusCode, code } = thrown as { statusCode?: unknown; code?: unknown };
  const refused = typeof code === 'string' && code.startsWith('FST_');
  return refused && typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : undefined;
}
