import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  type INestApplication,
  Injectable,
  Module,
  Param,
  UseGuards,
} from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest, type Server } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import { NotFoundError } from '#libs/contract';
import { HttpModule, HttpOptionsModule } from '../http.module.js';
import { OpencodeController } from '../opencode-controller.decorator.js';
import { Environment, SystemEnvironment } from '#libs/extension';
import { InstanceStore } from '#libs/instance';
import { WebSocketAnswer, WebSocketRoute } from './web-socket-route.decorator.js';

@OpencodeController('echo', { instance: false })
class EchoController {
  @WebSocketRoute(':name/live')
  live(@Param('name') name: string) {
    if (name === 'none') throw new NotFoundError('No such thing: none');
    return new WebSocketAnswer((peer) => {
      peer.send(`hello ${name}`);
      peer.onText((text) => (text === 'bye' ? peer.close() : peer.send(Buffer.from(text))));
    });
  }
}

/** What an application around it may have. */
@Injectable()
class HostGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.switchToHttp().getRequest<{ headers: Record<string, string> }>().headers['x-key'] !== 'wrong';
  }
}

@Controller('plain')
@UseGuards(HostGuard)
class PlainController {
  @Get()
  get() {
    return { plain: true };
  }
}

@Module({
  providers: [
    { provide: InstanceStore, useValue: {} },
    { provide: Environment, useValue: new SystemEnvironment({}, '/') },
  ],
  exports: [InstanceStore, Environment],
})
class WorldModule {}

async function start(adapter: AbstractHttpAdapter, prefix: string): Promise<INestApplication<Server>> {
  const module = await Test.createTestingModule({
    imports: [
      { module: WorldModule, global: true },
      HttpModule,
      HttpOptionsModule.forRoot({ allowedOrigin: (origin) => origin === 'https://friend.example' }),
    ],
    controllers: [EchoController, PlainController],
  }).compile();
  const app = module.createNestApplication<INestApplication<Server>>(adapter, { logger: false });
  app.setGlobalPrefix(prefix);
  app.useGlobalGuards(new HostGuard());
  await app.listen(0, '127.0.0.1');
  return app;
}

/** The first message, or the status of a refusal. */
async function connect(url: string, headers: Record<string, string> = {}): Promise<string | number | undefined> {
  const socket = new WebSocket(url, { headers });
  socket.on('error', () => undefined);
  const refused = once(socket, 'unexpected-response').then(([request, response]) => {
    (request as { destroy(): void }).destroy();
    return (response as IncomingMessage).statusCode;
  });
  const message = once(socket, 'message').then(([data]) => String(data));
  const first = await Promise.race([refused, message]);
  socket.terminate();
  return first;
}

describe.each([
  ['Fastify', () => new FastifyAdapter()],
  ['Express', () => new ExpressAdapter()],
])('a WebSocket route on %s', (_name, adapter) => {
  let app: INestApplication<Server>;
  let url: string;
  beforeEach(async () => {
    app = await start(adapter(), 'api/v1');
    url = (await app.getUrl()).replace('http', 'ws');
  });
  afterEach(() => app.close());

  it('talks both ways, behind the prefix of the application', async () => {
    const socket = new WebSocket(`${url}/api/v1/echo/you/live?x=1`);
    expect(String((await once(socket, 'message'))[0])).toBe('hello you');
    socket.send('text');
    expect(await once(socket, 'message')).toEqual([Buffer.from('text'), true]);
    socket.send('bye');
    expect((await once(socket, 'close'))[0]).toBe(1000);
  });

  it.each([
    ['by the handler', '/api/v1/echo/none/live', {}, 404],
    ['by a guard of the application', '/api/v1/echo/you/live', { 'x-key': 'wrong' }, 403],
    ['for a page of another origin', '/api/v1/echo/you/live', { origin: 'https://evil.example' }, 403],
    ['for a page without an origin', '/api/v1/echo/you/live', { origin: 'null' }, 403],
    ['outside the prefix', '/echo/you/live', {}, 404],
    ['at other addresses', '/api/v1/plain', {}, 200],
  ])('is refused %s like any request', async (_what, path, headers, status) => {
    expect(await connect(url + path, headers)).toBe(status);
  });

  it('lets pages of its own and of allowed origins connect', async () => {
    const path = `${url}/api/v1/echo/you/live`;
    for (const origin of ['https://friend.example', url.replace('ws', 'https')])
      expect(await connect(path, { origin })).toBe('hello you');
  });

  it('answers an ordinary request with 426', async () => {
    const response = await fetch(`${url.replace('ws', 'http')}/api/v1/echo/you/live`);
    expect([response.status, ((await response.json()) as { name: string }).name]).toEqual([
      426,
      'UpgradeRequiredError',
    ]);
  });

  it('leaves the upgrades of the application to it', async () => {
    const own = new WebSocketServer({ noServer: true });
    app.getHttpServer().on('upgrade', (request, socket, head) => {
      if (request.url !== '/own') return;
      own.handleUpgrade(request, socket, head, (client) => client.send('own'));
    });
    expect(await connect(`${url}/own`)).toBe('own');
    expect(await connect(`${url}/api/v1/echo/you/live`)).toBe('hello you');
    for (const client of own.clients) client.terminate();
  });

  it('changes nothing for other kinds of upgrades', async () => {
    const { port } = new URL(url);
    const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': '' };
    const request = httpRequest({ port, host: '127.0.0.1', path: '/api/v1/plain', headers });
    request.end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(200);
    response.resume();
  });

  it('does not hold up the end of the application', async () => {
    const socket = new WebSocket(`${url}/api/v1/echo/you/live`);
    await once(socket, 'message');
    socket.pause();
    await app.close();
    socket.resume();
    expect((await once(socket, 'close'))[0]).toBe(1001);
  });
});
