import { Get, type INestApplication, Module, Post } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { type Observable, Subject } from 'rxjs';
import { NotFoundError } from '#libs/contract';
import { HTTP_OPTIONS, type HttpOptions } from '../http-options.js';
import { OpencodeController } from '../opencode-controller.decorator.js';
import { EventStream } from './event-stream.decorator.js';

const CONNECTED = 'data: {"type":"server.connected","properties":{}}\n\n';

@OpencodeController('', { instance: false })
class StreamController {
  static events = new Subject<string>();
  private count = 0;

  @EventStream('event')
  async events(): Promise<Observable<string>> {
    return StreamController.events;
  }

  @EventStream('wrapped', { envelope: (event) => `{"payload":${event}}` })
  wrapped(): Observable<string> {
    return StreamController.events;
  }

  @EventStream('refused')
  refused(): Observable<string> {
    throw new NotFoundError('No such stream');
  }

  @Post('publish')
  async publish() {
    // a client that is still busy with the last answer would look at both sockets at once
    await delay(1);
    for (let i = 0; i < 5; i++) StreamController.events.next(`{"n":${this.count++}}`);
    return { count: this.count };
  }

  @Get('plain')
  plain() {
    return true;
  }
}

async function start(options: HttpOptions = {}): Promise<{ app: INestApplication; url: string }> {
  StreamController.events = new Subject();
  @Module({ controllers: [StreamController], providers: [{ provide: HTTP_OPTIONS, useValue: options }] })
  class StreamModule {}
  const module = await Test.createTestingModule({ imports: [StreamModule] }).compile();
  const app = module.createNestApplication(new FastifyAdapter(), { logger: false, forceCloseConnections: true });
  await app.listen(0, '127.0.0.1');
  return { app, url: await app.getUrl() };
}

const until = async (condition: () => boolean) => {
  for (let i = 0; i < 500 && !condition(); i++) await delay(5);
  expect(condition()).toBe(true);
};

async function open(url: string): Promise<{ response: IncomingMessage; text: () => string; close: () => void }> {
  const request = httpRequest(url, { agent: new Agent({ keepAlive: true }) });
  request.on('error', () => undefined);
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  response.on('error', () => undefined);
  return { response, text: () => text, close: () => request.destroy() };
}

describe('an event stream', () => {
  let app: INestApplication;
  let url: string;
  beforeEach(async () => ({ app, url } = await start()));
  afterEach(() => app.close());

  it('begins at once, and carries frames of data only', async () => {
    const stream = await open(`${url}/event`);
    await until(() => stream.text() === CONNECTED);
    expect(stream.response.statusCode).toBe(200);
    expect(stream.response.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache',
      connection: 'keep-alive',
      'x-accel-buffering': 'no',
      'transfer-encoding': 'chunked',
    });
    StreamController.events.next('{"text":"ü 😀"}');
    StreamController.events.next('{"n":2}');
    await until(() => stream.text() === `${CONNECTED}data: {"text":"ü 😀"}\n\ndata: {"n":2}\n\n`);
    stream.close();
  });

  it('wraps its own events too', async () => {
    const stream = await open(`${url}/wrapped`);
    await until(() => stream.text() === 'data: {"payload":{"type":"server.connected","properties":{}}}\n\n');
    stream.close();
  });

  it('ends when the events end', async () => {
    const stream = await open(`${url}/event`);
    StreamController.events.next('{"last":true}');
    StreamController.events.complete();
    await once(stream.response, 'end');
    expect(stream.text()).toBe(`${CONNECTED}data: {"last":true}\n\n`);
  });

  it('unsubscribes when the client goes', async () => {
    const stream = await open(`${url}/event`);
    await until(() => StreamController.events.observed);
    stream.close();
    await until(() => !StreamController.events.observed);
  });

  it('is an ordinary error when the handler refuses', async () => {
    const response = await fetch(`${url}/refused`);
    expect([response.status, response.headers.get('content-type'), await response.json()]).toEqual([
      404,
      expect.stringContaining('application/json'),
      { name: 'NotFoundError', data: { message: 'No such stream' } },
    ]);
  });

  it('does not stay open for HEAD', async () => {
    const response = await fetch(`${url}/event`, { method: 'HEAD' });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    await until(() => !StreamController.events.observed);
  });

  it('is ahead of the answer of the request that published', async () => {
    const order: string[] = [];
    const stream = await open(`${url}/event`);
    await until(() => stream.text() === CONNECTED);
    stream.response.on('data', (chunk: string) => {
      for (const [, n] of chunk.matchAll(/"n":(\d+)/g)) order.push(`event ${n}`);
    });
    const agent = new Agent({ keepAlive: true });
    for (let round = 1; round <= 200; round++) {
      await new Promise<void>((resolve, reject) => {
        const request = httpRequest(`${url}/publish`, { method: 'POST', agent }, (response) => {
          response.on('data', () => order.push(`answer ${round}`)).on('end', resolve);
        });
        request.on('error', reject).end();
      });
    }
    const expected = Array.from({ length: 200 }, (_, round) => [
      ...Array.from({ length: 5 }, (_, i) => `event ${round * 5 + i}`),
      `answer ${round + 1}`,
    ]);
    expect(order).toEqual(expected.flat());
    agent.destroy();
    stream.close();
  });
});

describe('options of event streams', () => {
  it('set the heartbeat', async () => {
    const { app, url } = await start({ heartbeat: 20 });
    const stream = await open(`${url}/event`);
    const beat = 'data: {"type":"server.heartbeat","properties":{}}\n\n';
    await until(() => stream.text().startsWith(CONNECTED + beat + beat));
    stream.close();
    await app.close();
  });

  it('let a client that reads have an event larger than all that may wait, and those behind it', async () => {
    const { app, url } = await start({ maxPending: 64 * 1024 });
    const stream = await open(`${url}/event`);
    const text = 'x'.repeat(8 * 1024 * 1024);
    StreamController.events.next(JSON.stringify({ text }));
    StreamController.events.next('{"last":true}');
    await until(() => stream.text().endsWith('data: {"last":true}\n\n'));
    expect(stream.text()).toContain(text);
    stream.close();
    await app.close();
  });

  it('limit what waits for a client that does not read', async () => {
    const { app, url } = await start({ maxPending: 1024 * 1024 });
    const { port } = new URL(url);
    const socket: Socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.pause();
    socket.write('GET /event HTTP/1.1\r\nhost: x\r\n\r\n');
    await until(() => StreamController.events.observed);
    const event = JSON.stringify({ text: 'x'.repeat(64 * 1024) });
    for (let i = 0; i < 400 && StreamController.events.observed; i++) {
      StreamController.events.next(event);
      if (i % 10 === 0) await delay(1);
    }
    expect(StreamController.events.observed).toBe(false);
    socket.destroy();
    await app.close();
  });
});
