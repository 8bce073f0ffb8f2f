import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { LocalApi } from '#libs/extension';

/** Says that a request comes from inside: no client can know the value. */
const HEADER = 'x-opencode-inside';
const USUAL_PORT = 4096;

/** The {@link LocalApi} of a Fastify application: requests go to its router, past the network. */
@Injectable()
export class InjectedApi extends LocalApi {
  private readonly token = randomBytes(32).toString('hex');

  constructor(private readonly host: HttpAdapterHost) {
    super();
  }

  get url(): URL {
    const server = this.host.httpAdapter.getHttpServer() as { address(): AddressInfo | string | null };
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : USUAL_PORT;
    return new URL(`http://127.0.0.1:${port}`);
  }

  /** Whether a request was made by {@link fetch}. */
  isOwn(headers: Readonly<Record<string, unknown>>): boolean {
    return headers[HEADER] === this.token;
  }

  async fetch(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const { signal } = request;
    signal.throwIfAborted();
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    const answer = await fastify.inject({
      method: request.method,
      url: `${pathname}${search}`,
      headers: { ...Object.fromEntries(request.headers), [HEADER]: this.token },
      ...(request.body && { payload: Buffer.from(await request.arrayBuffer()) }),
      payloadAsStream: true,
      signal,
    });
    const headers = new Headers();
    for (const [name, value] of Object.entries(answer.headers))
      for (const each of [value ?? []].flat()) headers.append(name, String(each));
    const empty = [101, 204, 205, 304].includes(answer.statusCode);
    const body = empty ? null : (Readable.toWeb(answer.stream()) as ReadableStream);
    return new Response(body, { status: answer.statusCode, headers });
  }
}
