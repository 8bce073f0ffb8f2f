import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';
import { WebSocketPeer } from './web-socket-peer.js';

/** Bytes of one message of a client. */
const MAX_MESSAGE = 1024 * 1024;
/** Milliseconds between two pings; a client that has not answered the last one is gone. */
const HEARTBEAT = 30_000;
/** Milliseconds that clients get to say goodbye. */
const GOODBYE = 300;

/** The open WebSockets of an application. */
export class WebSocketClients {
  private server?: WebSocketServer;
  private heartbeat?: NodeJS.Timeout;
  /** Clients that answered since the last ping. */
  private readonly alive = new WeakSet<WebSocket>();

  /** Completes the handshake. Undefined when the client went away meanwhile. */
  async accept(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<WebSocketPeer | undefined> {
    const { WebSocketServer } = await import('ws');
    this.server ??= new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE, perMessageDeflate: false });
    this.heartbeat ??= setInterval(() => this.ping(), HEARTBEAT).unref();
    if (socket.destroyed) return undefined;
    let peer: WebSocketPeer | undefined;
    this.server.handleUpgrade(request, socket, head, (client) => {
      // what is wrong is told to the other side; what follows is `close`
      client.on('error', () => undefined);
      client.on('pong', () => this.alive.add(client));
      this.alive.add(client);
      peer = new WebSocketPeer(client);
    });
    return peer;
  }

  /** Closes what is open; a client that does not react holds nothing up. */
  async close(): Promise<void> {
    clearInterval(this.heartbeat);
    const clients = [...(this.server?.clients ?? [])];
    const gone = clients.map((client) => new Promise((resolve) => client.once('close', resolve)));
    for (const client of clients) client.close(1001);
    const patience = setTimeout(() => {
      for (const client of clients) client.terminate();
    }, GOODBYE);
    await Promise.all(gone);
    clearTimeout(patience);
  }

  private ping(): void {
    for (const client of this.server?.clients ?? []) {
      if (this.alive.delete(client)) client.ping();
      else client.terminate();
    }
  }
}
