import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { until } from '../../helpers/until.js';

/** A WebSocket client of a terminal. */
export class TerminalSocket {
  /** Text frames. */
  readonly frames: string[] = [];
  /** Binary frames. */
  readonly bytes: Buffer[] = [];
  closed?: number;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer, binary) => {
      if (binary) return void this.bytes.push(data);
      this.frames.push(data.toString());
    });
    socket.on('close', (code) => (this.closed = code));
    socket.on('error', () => undefined);
  }

  get text(): string {
    return this.frames.join('');
  }

  static async open(url: string, headers: Record<string, string> = {}): Promise<TerminalSocket> {
    const socket = new WebSocket(url.replace(/^http/, 'ws'), { headers });
    const client = new TerminalSocket(socket);
    await once(socket, 'open');
    return client;
  }

  /** What an upgrade that is refused is answered with. */
  static async refused(url: string, headers: Record<string, string> = {}): Promise<{ status?: number; body: string }> {
    const socket = new WebSocket(url.replace(/^http/, 'ws'), { headers });
    socket.on('error', () => undefined);
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    let body = '';
    for await (const chunk of response) body += String(chunk);
    return { status: response.statusCode, body };
  }

  type(text: string): void {
    this.socket.send(text);
  }

  shows(pattern: RegExp): Promise<void> {
    const tail = () => this.frames.slice(-100).join('');
    return until(() => pattern.test(tail()), `the terminal shows ${String(pattern)}`);
  }

  /** The position told after the replay. */
  async cursor(): Promise<number> {
    await until(() => this.bytes.length > 0, 'the position is told');
    expect(this.bytes[0]![0]).toBe(0);
    return (JSON.parse(this.bytes[0]!.subarray(1).toString()) as { cursor: number }).cursor;
  }

  async ends(): Promise<number> {
    await until(() => this.closed !== undefined, 'the connection ends');
    return this.closed!;
  }
}
