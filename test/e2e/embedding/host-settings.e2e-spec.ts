import {
  type ArgumentsHost,
  type CallHandler,
  Catch,
  Controller,
  type ExceptionFilter,
  type ExecutionContext,
  Get,
  HttpException,
  type INestApplication,
  Injectable,
  Module,
  type NestInterceptor,
  Param,
  ParseIntPipe,
  ValidationPipe,
  VersioningType,
} from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { OpencodeHttpModule, OpencodeModule, SystemEnvironment } from '../../../src/index.js';
import { EventReader } from '../../../src/testing.js';
import { makeFolder, removeFolder } from '../../../src/testing/temporary-folder.js';
import { HOST_ADAPTERS, startHost } from '../../helpers/host-application.js';

@Controller({ path: 'orders', version: '7' })
class OrdersController {
  @Get(':id')
  find(@Param('id', ParseIntPipe) id: number) {
    return { id };
  }
}

/** Errors as the host answers them. */
@Catch(HttpException)
class HouseFilter implements ExceptionFilter {
  catch(error: HttpException, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<{ status(code: number): { send(body: unknown): void } }>();
    response.status(error.getStatus()).send({ house: error.message });
  }
}

@Injectable()
class Meter implements NestInterceptor {
  readonly seen: string[] = [];

  intercept(context: ExecutionContext, next: CallHandler) {
    this.seen.push(context.getHandler().name);
    return next.handle();
  }
}

const BASE = '/api/v2/agent';

describe.each(HOST_ADAPTERS)('with the prefix, versions, pipes, filters and interceptors of a host on %s', (name) => {
  let directory: string;
  let app: INestApplication;
  let url: string;
  let meter: Meter;
  beforeAll(async () => {
    directory = await makeFolder();
    meter = new Meter();
    @Module({
      imports: [
        OpencodeModule.forRoot({
          environment: new SystemEnvironment({ HOME: directory }, directory),
          storage: 'memory',
          localModels: false,
        }),
        OpencodeHttpModule.forRoot({ prefix: 'agent', basePath: BASE }),
      ],
      controllers: [OrdersController],
      providers: [{ provide: APP_INTERCEPTOR, useValue: meter }],
    })
    class AppModule {}
    ({ app, url } = await startHost(name, AppModule, (host) => {
      host.setGlobalPrefix('api');
      host.enableVersioning({ type: VersioningType.URI, defaultVersion: '2' });
      host.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }));
      host.useGlobalFilters(new HouseFilter());
    }));
  });
  afterAll(async () => {
    await app.close();
    await removeFolder(directory);
  });

  const json = async (path: string, body?: unknown) => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await fetch(url + path, body === undefined ? {} : init);
    return { status: response.status, body: JSON.parse(await response.text()) };
  };

  it('routes of the host stay as they are', async () => {
    expect(await json('/api/v7/orders/12')).toEqual({ status: 200, body: { id: 12 } });
    expect(await json('/api/v7/orders/x')).toEqual({
      status: 400,
      body: { house: expect.stringContaining('numeric string') },
    });
    expect(await json('/api/nowhere')).toMatchObject({
      status: 404,
      body: { house: expect.stringContaining('/nowhere') },
    });
  });

  it('a session answers, and its events stream', async () => {
    using events = await EventReader.open(`${url}${BASE}/event`);
    const { status, body: session } = await json(`${BASE}/session`, { title: 'Embedded' });
    expect([status, session.title]).toEqual([200, 'Embedded']);
    const answer = await json(`${BASE}/session/${session.id}/message`, { parts: [{ type: 'text', text: 'hello' }] });
    expect([answer.status, answer.body.info.role]).toEqual([200, 'assistant']);
    await events.until('session.idle');
    expect(events.types('message.part')).toContain('message.part.delta');
    expect(meter.seen).toEqual(expect.arrayContaining(['create', 'prompt']));
  });

  it('errors are those of the contract', async () => {
    expect(await json(`${BASE}/session/ses_none`)).toMatchObject({ status: 404, body: { name: 'NotFoundError' } });
    expect(await json(`${BASE}/session`, { title: 5 })).toMatchObject({ status: 400, body: { success: false } });
  });

  it('a terminal talks', async () => {
    const { body: pty } = await json(`${BASE}/pty`, { command: '/bin/cat', cwd: directory });
    const socket = new WebSocket(`${url.replace('http', 'ws')}${BASE}/pty/${pty.id}/connect`);
    await once(socket, 'open');
    socket.send('over here\r');
    let shown = '';
    socket.on('message', (data: Buffer) => void (shown += data.toString()));
    while (!shown.includes('over here')) await once(socket, 'message');
    socket.terminate();
  });

  it('both documents name the whole paths', async () => {
    const { body: own } = await json(`${BASE}/doc`);
    expect(Object.keys(own.paths)).toContain(`${BASE}/session/{sessionID}`);
    const document = SwaggerModule.createDocument(app, new DocumentBuilder().build());
    expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(['/api/v7/orders/{id}', `${BASE}/session`]));
  });
});
