import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { callbackPage } from './callback-page.js';
import { CALLBACK_PATH, CALLBACK_PORT, redirectUrl } from './redirect.js';

/** What a browser brought back; resolves to an error text when the login failed. */
export type CallbackHandler = (parameters: URLSearchParams) => Promise<string | undefined>;

/** A hold on the listener. */
export interface CallbackLease {
  readonly redirectUrl: string;
  /** Calls the handler once, when a browser comes back with this state. */
  expect(state: string, handler: CallbackHandler): void;
  release(): void;
}

/** Waits for browsers that come back from a login. Listens only while a login is under way. */
@Injectable()
export class OAuthCallback implements OnModuleDestroy {
  private readonly log = new Logger('Mcp');
  private readonly handlers = new Map<string, CallbackHandler>();
  private leases = 0;
  private listening?: Promise<Server>;

  async lease(): Promise<CallbackLease> {
    this.leases++;
    let held = true;
    let expected: string | undefined;
    const release = () => {
      if (!held) return;
      held = false;
      if (expected !== undefined) this.handlers.delete(expected);
      if (--this.leases === 0) void this.close();
    };
    try {
      this.listening ??= this.listen();
      const { port } = (await this.listening).address() as AddressInfo;
      return {
        redirectUrl: redirectUrl(port),
        expect: (state, handler) => {
          expected = state;
          this.handlers.set(state, handler);
        },
        release,
      };
    } catch (error) {
      release();
      throw error;
    }
  }

  async onModuleDestroy(): Promise<void> {
    await this.close();
  }

  private async listen(): Promise<Server> {
    const server = createServer((request, response) => void this.answer(request, response));
    const listen = (port: number) => once(server.listen(port, '127.0.0.1'), 'listening');
    try {
      await listen(CALLBACK_PORT);
    } catch (error) {
      this.log.warn(`Port ${CALLBACK_PORT} for logins is taken (${String(error)}): another one is used`);
      await listen(0);
    }
    server.unref();
    return server;
  }

  private async close(): Promise<void> {
    const { listening } = this;
    this.listening = undefined;
    const server = await listening?.catch(() => undefined);
    server?.close();
    server?.closeIdleConnections();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = URL.parse(request.url ?? '/', 'http://127.0.0.1');
    const say = (status: number, title: string, text: string) =>
      response
        .writeHead(status, { 'content-type': 'text/html; charset=utf-8', connection: 'close' })
        .end(callbackPage(title, text));
    if (url?.pathname !== CALLBACK_PATH) return void say(404, 'Not found', 'There is nothing here.');
    const { searchParams } = url;
    const state = searchParams.get('state');
    const failed = searchParams.get('error');
    if (!state) return void say(400, 'Login failed', 'The answer of the login has no state.');
    const handler = this.handlers.get(state);
    if (!failed && !searchParams.get('code'))
      return void say(400, 'Login failed', 'The answer of the login has no code.');
    if (!handler) {
      const text = 'This login is not known, or too old. Start it again.';
      return void say(failed ? 200 : 400, 'Login failed', text);
    }
    this.handlers.delete(state);
    const problem = await handler(searchParams).catch((error: unknown) => String(error));
    if (problem === undefined) say(200, 'Logged in', 'You can close this window and go back to opencode.');
    else say(200, 'Login failed', problem);
  }
}
