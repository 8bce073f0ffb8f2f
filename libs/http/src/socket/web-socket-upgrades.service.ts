import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { HttpAdapterHost, MetadataScanner, ModulesContainer } from '@nestjs/core';
import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketClients } from './web-socket-clients.js';
import type { WebSocketPeer } from './web-socket-peer.js';

/** Marks the handlers of WebSocket routes. */
export const WEB_SOCKET_ROUTE = Symbol('WebSocketRoute');

/** A server that decides per request whether it takes part in an upgrade; @types/node does not know yet. */
type UpgradingServer = Server & { shouldUpgradeCallback?: (request: IncomingMessage) => boolean };

/** A connection that may change its protocol, and the first bytes of the new one if they came along. */
interface Offer {
  readonly socket: Duplex;
  readonly head: Buffer;
}

/**
 * Brings upgrade requests to the routes marked as WebSockets: the HTTP server of the application gets them as ordinary
 * requests, and the connection is handed over when the route accepts. Upgrades to other addresses stay with the
 * listeners of the host; where it has none they are ordinary requests, as before.
 */
@Injectable()
export class WebSocketUpgrades implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly offers = new WeakMap<IncomingMessage, Offer>();
  private readonly clients = new WebSocketClients();

  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly modules: ModulesContainer,
  ) {}

  onApplicationBootstrap(): void {
    const server = this.adapterHost.httpAdapter?.getHttpServer() as UpgradingServer | undefined;
    const paths = pathsOf(this.modules);
    // an application without HTTP has no server, or one that never listens
    if (typeof server?.on !== 'function' || paths.length === 0) return;
    const isOurs = ({ url = '' }: IncomingMessage) => paths.some((path) => path.test(url.split('?', 1)[0] ?? ''));
    const hasOthers = () => server.listenerCount('upgrade') > 1;
    const before = server.shouldUpgradeCallback;
    server.shouldUpgradeCallback = (request) =>
      isOurs(request) || (hasOthers() && (before?.call(server, request) ?? true));
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      // a second server socket, as Fastify opens for localhost, passes everything on
      if (isOurs(request) || !hasOthers()) this.dispatch(server, request, { socket, head });
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.clients.close();
  }

  /** Whether the request can become a WebSocket. */
  isOffered(request: IncomingMessage): boolean {
    return this.offers.has(request) && request.headers.upgrade?.toLowerCase() === 'websocket';
  }

  /** Takes the connection of a request over. Undefined when the client went away meanwhile. */
  async accept(request: IncomingMessage, response: ServerResponse): Promise<WebSocketPeer | undefined> {
    const offer = this.offers.get(request);
    if (!offer) return undefined;
    this.offers.delete(request);
    // from here on the connection is nobody's who speaks HTTP
    response.detachSocket(request.socket);
    return this.clients.accept(request, offer.socket, offer.head);
  }

  /** Lets the request run through the application as if it were an ordinary one. */
  private dispatch(server: Server, request: IncomingMessage, offer: Offer): void {
    this.offers.set(request, offer);
    const { socket } = request;
    socket.on('error', () => undefined);
    const response = new ServerResponse(request);
    // what is refused is answered, and that is the end of the connection
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.once('finish', () => {
      response.detachSocket(socket);
      socket.destroySoon();
    });
    server.emit('request', request, response);
  }
}

/** Addresses of the marked handlers, behind whatever prefix the application puts before them. */
function pathsOf(modules: ModulesContainer): RegExp[] {
  const scanner = new MetadataScanner();
  const controllers = [...modules.values()].flatMap((module) => [...module.controllers.values()]);
  return controllers.flatMap(({ metatype }) => {
    if (!metatype) return [];
    const prototype = metatype.prototype as Record<string, object>;
    const handlers = scanner.getAllMethodNames(prototype).map((name) => prototype[name]!);
    return handlers
      .filter((handler) => Reflect.hasMetadata(WEB_SOCKET_ROUTE, handler))
      .flatMap((handler) =>
        pathOf(metatype).flatMap((base) => pathOf(handler).map((path) => ending(`${base}/${path}`))),
      );
  });
}

const pathOf = (target: object): string[] => [Reflect.getMetadata(PATH_METADATA, target) as string | string[]].flat();

function ending(path: string): RegExp {
  const segments = path.split('/').filter((segment) => segment !== '');
  const patterns = segments.map((segment) =>
    segment.startsWith(':') ? '[^/]+' : segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
  );
  return new RegExp(`/${patterns.join('/')}$`);
}
