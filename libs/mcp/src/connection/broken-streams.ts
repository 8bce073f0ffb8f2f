import type { JSONRPCMessage, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { CONNECTION_CLOSED } from './mcp.error.js';

/**
 * Fails a request whose answer breaks off: the SDK leaves it waiting until its time is up.
 * Where the server lets a stream be resumed, that is tried before.
 */
export function failBrokenStreams(transport: StreamableHTTPClientTransport): StreamableHTTPClientTransport {
  const send = transport.send.bind(transport);
  transport.send = (message: JSONRPCMessage | JSONRPCMessage[], options) => {
    const id = !Array.isArray(message) && 'method' in message && 'id' in message ? message.id : undefined;
    // a request that has its answer is not known any more, and the error not taken
    const onRequestStreamEnd = () =>
      transport.onmessage?.({ jsonrpc: '2.0', id, error: { code: CONNECTION_CLOSED, message: 'Connection closed' } });
    return send(message, { ...options, ...(id !== undefined && { onRequestStreamEnd }) });
  };
  return transport;
}
