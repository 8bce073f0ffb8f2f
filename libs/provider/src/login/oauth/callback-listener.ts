import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CallbackOptions {
  /** Port on this machine; 0 = any. */
  port: number;
  /** Path that the login page sends the browser to. */
  path: string;
  /** What the address must carry, so that nobody else can end the login. */
  state: string;
  /** Ends the listening. */
  signal: AbortSignal;
}

export interface CallbackListener {
  port: number;
  /** The code; rejects when the login was refused or cancelled, or when the signal aborts. */
  code: Promise<string>;
}

/** Waits on this machine for the browser to come back from a login page. Rejects when the port is taken. */
export async function listenForCallback({ port, path, state, signal }: CallbackOptions): Promise<CallbackListener> {
  const { promise: code, resolve, reject } = Promise.withResolvers<string>();
  // whoever waits gets the reason; nobody may be waiting yet
  code.catch(() => undefined);
  const fail = (response: ServerResponse, status: number, reason: string) => {
    page(response, status, 'Login failed', reason);
    reject(new Error(reason));
  };
  const server = createServer((request, response) => {
    const address = URL.parse(request.url ?? '/', 'http://localhost');
    if (address?.pathname === '/cancel') return fail(response, 200, 'Login cancelled');
    if (address?.pathname !== path) return page(response, 404, 'Not found', 'There is nothing here.');
    const { searchParams } = address;
    const refused = searchParams.get('error_description') ?? searchParams.get('error');
    if (refused) return fail(response, 400, refused);
    if (searchParams.get('state') !== state) return fail(response, 400, 'Invalid state - potential CSRF attack');
    const given = searchParams.get('code');
    if (!given) return fail(response, 400, 'Missing authorization code');
    page(response, 200, 'Login done', 'You can close this window and go back.');
    resolve(given);
  });
  await new Promise<void>((ready, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      failed(
        error.code === 'EADDRINUSE'
          ? new Error(`port ${port} of this machine is taken: end the other login or program that uses it`)
          : error,
      ),
    );
    server.listen(port, 'localhost', ready);
  });
  const stop = () => {
    reject(signal.reason as Error);
    server.close();
    // the page of a finished login may still be on its way
    setTimeout(() => server.closeAllConnections(), 500).unref();
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  return { port: (server.address() as AddressInfo).port, code };
}

function page(response: ServerResponse, status: number, title: string, text: string): void {
  const safe = text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'",
    connection: 'close',
  });
  response.end(`<!doctype html><title>${title}</title><h1>${title}</h1><p>${safe}</p>`);
}
