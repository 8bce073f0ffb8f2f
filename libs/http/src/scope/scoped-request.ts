import type { IncomingMessage, ServerResponse } from 'node:http';
import { finished } from 'node:stream';
import type { Instance, InstanceLease } from '#libs/instance';

/** What this library reads of a request: the same on Fastify and on Express. */
export interface ScopedRequest {
  params?: Record<string, string>;
  query?: Record<string, unknown>;
  headers: Record<string, string | string[] | undefined>;
  body?: unknown;
}

/** A response of Fastify (which wraps Node's) or of Express (which is Node's). */
export type ScopedResponse = ServerResponse | { raw: ServerResponse };

export const rawResponse = (response: ScopedResponse): ServerResponse => ('raw' in response ? response.raw : response);

const leases = new WeakMap<ScopedRequest, InstanceLease>();

/** The instance a guard chose for the request. */
export const instanceOf = (request: ScopedRequest): Instance | undefined => leases.get(request)?.instance;

/** Metadata of a handler that only looks on: a stream of events is no work, and needs an instance no more than to be there. */
export const WATCHES = Symbol('OnlyWatches');

/** Gives the instance to the handler, and the lease back when the response is over, however it ends. */
export function holdInstance(request: ScopedRequest, response: ScopedResponse, lease: InstanceLease): void {
  leases.set(request, lease);
  whenOver(response, () => lease.release());
}

/** Calls back once when the response is over, however it ends. */
export function whenOver(response: ScopedResponse, callback: () => void): void {
  const raw = rawResponse(response);
  // the response of a pipelined request never hears of the end of its connection: it has no socket yet
  const connection = (raw.req as IncomingMessage | undefined)?.socket;
  let open = true;
  const over = () => {
    connection?.off?.('close', over);
    if (open) callback();
    open = false;
  };
  connection?.once?.('close', over);
  finished(raw, over);
  if (connection?.destroyed) over();
}
