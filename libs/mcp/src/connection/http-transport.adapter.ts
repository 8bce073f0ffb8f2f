import type {
  JSONRPCMessage,
  RequestId,
  StreamableHTTPClientTransport,
  StreamableHTTPClientTransportOptions,
  Transport,
  TransportSendOptions,
} from '@modelcontextprotocol/client';
import { limitedFetch, limitedResponse } from './limited-response.js';
import { CONNECTION_CLOSED } from './mcp.error.js';
import type { Sdk } from './sdk.js';

export interface HttpTransportOptions extends StreamableHTTPClientTransportOptions {
  /** Makes what requests go through, of what makes them. */
  over: (next: typeof fetch) => typeof fetch;
}

/**
 * MCP over streamable HTTP. The transport of the SDK leaves some things open: a request whose answer breaks off, one
 * that was given up, and whether the server can still be heard.
 */
export class HttpTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: Transport['onmessage'];
  /** Called when the server can be heard, or no longer: what it announced meanwhile is not known. */
  onHearing?: () => void;
  /** Called when a server that was heard does not listen any more. */
  onUnreachable?: (error: unknown) => void;
  private readonly inner: StreamableHTTPClientTransport;
  /** Requests without an answer. */
  private readonly asked = new Map<RequestId, AbortController>();
  /** Open streams that the server announces things by. */
  private streams = 0;
  private wasHeard = false;

  constructor(sdk: Sdk, url: URL, { over, ...options }: HttpTransportOptions) {
    this.inner = new sdk.StreamableHTTPClientTransport(url, { ...options, fetch: over(this.fetch) });
    this.inner.onclose = () => this.onclose?.();
    this.inner.onerror = (error) => this.onerror?.(error);
    this.inner.onmessage = (message: JSONRPCMessage) => {
      if (!('method' in message) && message.id !== undefined) this.asked.delete(message.id);
      this.onmessage?.(message);
    };
  }

  get sessionId(): string | undefined {
    return this.inner.sessionId;
  }

  /** Whether the server can announce things: not every one lets a stream be opened for that. */
  get isHeard(): boolean {
    return this.streams > 0;
  }

  setProtocolVersion(version: string): void {
    this.inner.setProtocolVersion(version);
  }

  start(): Promise<void> {
    return this.inner.start();
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    if (!('method' in message) || !('id' in message)) {
      const sent = this.inner.send(message, options);
      if ('method' in message && message.method === 'notifications/cancelled') this.giveUp(message.params?.requestId);
      return sent;
    }
    const { id } = message;
    const request = new AbortController();
    this.asked.set(id, request);
    // where the server lets a stream be resumed, that has been tried before
    const onRequestStreamEnd = () => {
      const error = { code: CONNECTION_CLOSED, message: 'Connection closed' };
      if (this.asked.delete(id)) this.onmessage?.({ jsonrpc: '2.0', id, error });
    };
    try {
      await this.inner.send(message, { ...options, requestSignal: request.signal, onRequestStreamEnd });
    } catch (error) {
      this.asked.delete(id);
      throw error;
    }
  }

  /** Tells the server that the session is over. */
  leave(): Promise<void> {
    return this.inner.terminateSession();
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  /** Nobody waits for the answer any more. */
  private giveUp(id: unknown): void {
    const request = this.asked.get(id as RequestId);
    this.asked.delete(id as RequestId);
    request?.abort();
  }

  private readonly fetch: typeof fetch = async (input, init) => {
    if (init?.method !== 'GET') return limitedFetch(input, init);
    let response: Response;
    try {
      response = await fetch(input, init);
    } catch (error) {
      if (this.wasHeard) this.onUnreachable?.(error);
      throw error;
    }
    if (!response.ok) return limitedResponse(response);
    this.hear(1);
    return limitedResponse(response, () => this.hear(-1));
  };

  private hear(change: 1 | -1): void {
    this.streams += change;
    this.wasHeard = true;
    this.onHearing?.();
  }
}
