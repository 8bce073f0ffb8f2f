import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Get,
  Inject,
  Injectable,
  type NestInterceptor,
  Optional,
  SetMetadata,
  UseInterceptors,
} from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { from, mergeMap, NEVER, type Observable, of } from 'rxjs';
import { ForbiddenError, WireError } from '#libs/contract';
import { HTTP_OPTIONS, type HttpOptions } from '../http-options.js';
import { rawResponse, type ScopedResponse } from '../scope/scoped-request.js';
import { WEB_SOCKET_ROUTE, WebSocketUpgrades } from './web-socket-upgrades.service.js';
import type { WebSocketPeer } from './web-socket-peer.js';

/** What a handler of a {@link WebSocketRoute} returns when the client may connect. @publicApi */
export class WebSocketAnswer {
  /** @param connected called with the connection, once it is there. */
  constructor(readonly connected: (peer: WebSocketPeer) => void) {}
}

/** Turns a request into a WebSocket when the handler says so; other results pass. */
@Injectable()
export class WebSocketInterceptor implements NestInterceptor<unknown, unknown> {
  constructor(
    private readonly upgrades: WebSocketUpgrades,
    @Optional() @Inject(HTTP_OPTIONS) private readonly options: HttpOptions = {},
  ) {}

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const http = context.switchToHttp();
    const response = http.getResponse<ScopedResponse & { hijack?: () => void }>();
    const raw = rawResponse(response);
    const request = raw.req;
    this.requireOrigin(request);
    return next.handle().pipe(
      mergeMap((result) => {
        if (!(result instanceof WebSocketAnswer)) return of(result);
        if (!this.upgrades.isOffered(request)) throw new UpgradeRequiredError();
        // Fastify must not answer any more; Express does so only when it is told
        response.hijack?.();
        return from(this.connect(request, raw, result)).pipe(mergeMap(() => NEVER));
      }),
    );
  }

  /**
   * Browsers let any page open a WebSocket to any server, with the credentials of its user. Throws a ForbiddenError for
   * a page of another origin that nobody allowed.
   */
  private requireOrigin({ headers: { origin, host } }: IncomingMessage): void {
    if (origin === undefined || this.options.allowedOrigin?.(origin)) return;
    // the scheme does not count: a proxy may add TLS
    if (host !== undefined && URL.canParse(origin) && new URL(origin).host === host.toLowerCase()) return;
    throw new ForbiddenError(`Pages of the origin "${origin}" may not connect`);
  }

  private async connect(request: IncomingMessage, raw: ServerResponse, answer: WebSocketAnswer): Promise<void> {
    const peer = await this.upgrades.accept(request, raw);
    try {
      if (peer) answer.connected(peer);
    } catch (error) {
      peer?.terminate();
      throw error;
    }
  }
}

class UpgradeRequiredError extends WireError {
  constructor() {
    super('UpgradeRequiredError', 426, {
      message: 'This address is a WebSocket: send the request as an upgrade to it',
    });
  }
}

/**
 * A GET route that becomes a WebSocket. The request passes through everything that an ordinary one does (the server's
 * hooks and middleware, guards, validation of a host application and of this library, error answers) before the
 * handler decides, so it is protected and found like any other route, whatever prefix the application has.
 *
 * @example
 * @WebSocketRoute(':id/live')
 * live(@CurrentInstance() instance: Instance, @Param() { id }: IdParams) {
 *   const feed = this.feeds.get(instance, id); // throws NotFoundError: an ordinary 404
 *   return new WebSocketAnswer((peer) => feed.attach(peer));
 * }
 * @publicApi
 */
export function WebSocketRoute(path: string): MethodDecorator {
  return applyDecorators(SetMetadata(WEB_SOCKET_ROUTE, true), UseInterceptors(WebSocketInterceptor), Get(path));
}
