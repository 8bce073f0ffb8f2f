import { Inject, Injectable, Optional } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { LocalApi } from '#libs/extension';
import { HTTP_OPTIONS, type HttpOptions } from '../http-options.js';

/** Says that a request comes from inside: no client can know the value. */
const HEADER = 'x-opencode-inside';
const USUAL_PORT = 4096;
/** Answers that have no body. */
const EMPTY: readonly number[] = [101, 204, 205, 304];

/**
 * The {@link LocalApi} of this application: what plugins call from inside. On Fastify requests go to its router, past the
 * network.
 * @publicApi
 */
@Injectable()
export class InjectedApi extends LocalApi {
  private readonly token = randomBytes(32).toString('hex');

  constructor(
    private readonly host: HttpAdapterHost,
    @Optional() @Inject(HTTP_OPTIONS) private readonly options: HttpOptions = {},
  ) {
    super();
  }

  get url(): URL {
    const server = this.host.httpAdapter.getHttpServer() as { address(): AddressInfo | string | null };
    const address = server.address();
    const { port, family, address: ip } = typeof address === 'object' && address !== null ? address : NOWHERE;
    // what listens everywhere listens here
    const host = ['::', '0.0.0.0'].includes(ip) ? '127.0.0.1' : family === 'IPv6' ? `[${ip}]` : ip;
    return new URL(`http://${host}:${port}${this.basePath}`);
  }

  /** Whether a request was made by {@link fetch}, for guards of a host: nobody else can make one that says so. */
  isOwn(headers: Readonly<Record<string, unknown>>): boolean {
    return headers[HEADER] === this.token;
  }

  async fetch(request: Request): Promise<Response> {
    request.signal.throwIfAborted();
    const headers = { ...Object.fromEntries(request.headers), [HEADER]: this.token };
    if (this.host.httpAdapter.getType() !== 'fastify') return fetch(new Request(request, { headers }));
    return this.inject(request, headers);
  }

  private async inject(request: Request, headers: Record<string, string>): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    const answer = await fastify.inject({
      method: request.method as 'GET',
      url: `${pathname}${search}`,
      headers,
      ...(request.body && { payload: Buffer.from(await request.arrayBuffer()) }),
      payloadAsStream: true,
      signal: request.signal,
    });
    const received = new Headers();
    for (const [name, value] of Object.entries(answer.headers))
      for (const each of [value ?? []].flat()) received.append(name, String(each));
    const body = EMPTY.includes(answer.statusCode) ? null : (Readable.toWeb(answer.stream()) as ReadableStream);
    return new Response(body, { status: answer.statusCode, headers: received });
  }

  private get basePath(): string {
    const path = (this.options.basePath ?? '').replace(/^\/+|\/+$/g, '');
    return path === '' ? '' : `/${path}`;
  }
}

/** Of an application that does not listen. */
const NOWHERE = { port: USUAL_PORT, family: 'IPv4', address: '127.0.0.1' };
