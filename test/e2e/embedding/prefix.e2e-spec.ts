import { type CanActivate, Controller, type ExecutionContext, Get, Injectable, Module } from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OpencodeHttpModule, OpencodeModule, SystemEnvironment } from '../../../src/index.js';
import { EventReader } from '../../../src/testing.js';
import { makeFolder, removeFolder } from '../../../src/testing/temporary-folder.js';
import { HOST_ADAPTERS, startHost } from '../../helpers/host-application.js';

@Controller('host')
class HostController {
  @Get()
  greet() {
    return { host: 'still here' };
  }
}

/** Lets in who knows the word, everywhere. */
@Injectable()
class WordGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.switchToHttp().getRequest<{ headers: Record<string, string> }>().headers['x-word'] === 'sesame';
  }
}

describe.each(HOST_ADAPTERS)('below a prefix of a host on %s', (name) => {
  let directory: string;
  let app: INestApplication;
  let url: string;
  beforeAll(async () => {
    directory = await makeFolder();
    await writeFile(join(directory, 'a.txt'), 'hello\n');
    @Module({
      imports: [
        OpencodeModule.forRoot({
          environment: new SystemEnvironment({ HOME: directory }, directory),
          storage: 'memory',
          localModels: false,
        }),
        OpencodeHttpModule.forRoot({ prefix: 'agent' }),
      ],
      controllers: [HostController],
      providers: [{ provide: APP_GUARD, useClass: WordGuard }],
    })
    class AppModule {}
    ({ app, url } = await startHost(name, AppModule));
  });
  afterAll(async () => {
    await app.close();
    await removeFolder(directory);
  });

  const headers = { 'x-word': 'sesame' };
  const json = async (path: string, body?: unknown) => {
    const response = await fetch(url + path, {
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      body: JSON.parse(await response.text()),
    };
  };

  it('a session answers, and its events stream', async () => {
    using events = await EventReader.open(`${url}/agent/event`, headers);
    const { body: session } = await json('/agent/session', {});
    const { status, body: answer } = await json(`/agent/session/${session.id}/message`, {
      parts: [{ type: 'text', text: 'read a.txt' }],
    });
    expect([status, answer.parts.at(-2)]).toMatchObject([200, { text: expect.stringContaining('hello') }]);
    await events.until('session.idle');
    expect(events.types('message.part')).toContain('message.part.delta');
  });

  it('errors are typed, inputs validated, and the history comes as it is stored', async () => {
    expect(await json('/agent/session/ses_none')).toMatchObject({ status: 404, body: { name: 'NotFoundError' } });
    expect(await json('/agent/session', { title: 5 })).toMatchObject({ status: 400, body: { success: false } });
    const malformed = await fetch(`${url}/agent/session`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: '{"title":',
    });
    expect(malformed.status).toBe(400);
    const { body: sessions } = await json('/agent/session');
    const history = await json(`/agent/session/${sessions[0].id}/message`);
    expect(history.body.map(({ info }: { info: { role: string } }) => info.role)).toContain('assistant');
    expect(history.type).toContain('application/json');
  });

  it('a guard of the host protects them, and its own routes stay as they are', async () => {
    expect((await fetch(`${url}/agent/session`)).status).toBe(403);
    expect((await fetch(`${url}/agent/event`)).status).toBe(403);
    expect((await json('/host')).body).toEqual({ host: 'still here' });
    expect((await json('/session')).status).toBe(404);
  });

  it('the document and the explorer are there', async () => {
    const { body: document } = await json('/agent/doc');
    expect(Object.keys(document.paths)).toContain('/agent/session/{sessionID}/message');
    expect(Object.keys(document.paths)).not.toContain('/host');
    const page = await (await fetch(`${url}/agent/doc`, { headers: { ...headers, accept: 'text/html' } })).text();
    const [, asset] = /src="([^"]+swagger-ui-bundle\.js)"/.exec(page)!;
    expect(asset).toBe('/agent/doc/assets/swagger-ui-bundle.js');
    expect((await fetch(url + asset, { headers })).status).toBe(200);
  });

  it('the document of the host has them too', () => {
    const document = SwaggerModule.createDocument(app, new DocumentBuilder().build());
    expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(['/host', '/agent/session']));
  });
});
