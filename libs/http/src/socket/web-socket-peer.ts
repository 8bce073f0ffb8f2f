import type { RawData, WebSocket } from 'ws';

/** The other end of a WebSocket. @publicApi */
export class WebSocketPeer {
  constructor(private readonly socket: WebSocket) {}

  /**
   * Sends text as a text frame, bytes as a binary one. `sent` is called when the system has taken it, or the connection
   * is lost.
   */
  send(data: string | Uint8Array, sent?: () => void): void {
    this.socket.send(data, { binary: typeof data !== 'string' }, () => sent?.());
  }

  /** Every message as text; bytes are read as UTF-8. */
  onText(listener: (text: string) => void): void {
    this.socket.on('message', (data: RawData) => listener(textOf(data)));
  }

  /** Called once, whoever ended the connection. */
  onClose(listener: () => void): void {
    this.socket.once('close', listener);
  }

  /** Says goodbye. @param code as in RFC 6455; 1000 = done. */
  close(code = 1000): void {
    this.socket.close(code);
  }

  /** Cuts the connection. */
  terminate(): void {
    this.socket.terminate();
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return (data instanceof ArrayBuffer ? Buffer.from(data) : data).toString('utf8');
}
