import { Get, Module, Param } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { NotFoundError, type Project } from '#libs/contract';
import { Environment, SystemEnvironment } from '#libs/extension';
import { INSTANCE_STORE_OPTIONS, type Instance, InstanceLocator, InstanceStore } from '#libs/instance';
import { HTTP_OPTIONS, type HttpOptions } from '../http-options.js';
import { HttpModule } from '../http.module.js';
import { OpencodeController } from '../opencode-controller.decorator.js';
import { createFastifyAdapter } from '../server/fastify-server.adapter.js';
import { CurrentInstance } from './current-instance.decorator.js';
import { DirectorySource } from './directory-source.port.js';

const project: Project = { id: 'global', worktree: '/', time: { created: 0, updated: 0 }, sandboxes: [] };

class TestLocator extends InstanceLocator {
  async locate(directory: string) {
    if (directory.endsWith('gone')) throw new NotFoundError(`No such directory: ${directory}`);
    return { worktree: '/', project };
  }
}

class ThingDirectories extends DirectorySource {
  async directory({ thingID }: Record<string, string>) {
    return thingID === 'lost' ? join(tmpdir(), 'gone') : thingID === 'known' ? '/thing' : undefined;
  }
}

let finish: () => void = () => undefined;
let latest: Instance | undefined;

@OpencodeController()
class WhereController {
  @Get('where')
  where(@CurrentInstance() instance: Instance) {
    latest = instance;
    return { directory: instance.directory };
  }

  @Get('thing/:thingID')
  thing(@CurrentInstance() instance: Instance, @Param('thingID') _thingID: string) {
    return this.where(instance);
  }

  @Get('wait')
  async wait(@CurrentInstance() instance: Instance) {
    latest = instance;
    await new Promise<void>((resolve) => (finish = resolve));
    return true;
  }

  @Get('fail')
  fail(@CurrentInstance() instance: Instance): never {
    latest = instance;
    throw new Error('broken\nsecond line');
  }
}

async function start(options: HttpOptions = {}): Promise<{ app: NestFastifyApplication; url: string }> {
  @Module({
    providers: [
      InstanceStore,
      { provide: InstanceLocator, useClass: TestLocator },
      { provide: INSTANCE_STORE_OPTIONS, useValue: { idleTimeout: 1 } },
      { provide: Environment, useValue: new SystemEnvironment({}, '/server') },
      { provide: HTTP_OPTIONS, useValue: options },
    ],
    exports: [InstanceStore, Environment, HTTP_OPTIONS],
  })
  class WorldModule {}
  @Module({
    imports: [{ module: WorldModule, global: true }, HttpModule],
    controllers: [WhereController],
    providers: [{ provide: DirectorySource, useClass: ThingDirectories }],
  })
  class AppModule {}
  const module = await Test.createTestingModule({ imports: [AppModule] }).compile();
  const app = module.createNestApplication<NestFastifyApplication>(createFastifyAdapter(), { logger: false });
  await app.listen(0, '127.0.0.1');
  return { app, url: await app.getUrl() };
}

const until = async (condition: () => boolean | undefined) => {
  for (let i = 0; i < 500 && !condition(); i++) await delay(5);
  expect(condition()).toBe(true);
};

describe('the directory of a request', () => {
  let app: NestFastifyApplication;
  let url: string;
  beforeAll(async () => ({ app, url } = await start()));
  afterAll(() => app.close());

  const where = async (path: string, header?: string) => {
    const response = await fetch(url + path, {
      headers: header === undefined ? {} : { 'x-opencode-directory': header },
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  it.each([
    ['the query', '/where?directory=/query', '/header', '/query'],
    ['the header without a query', '/where', '/header', '/header'],
    ['the header when the query is empty', '/where?directory=', '/header', '/header'],
    ["the server's own directory", '/where', undefined, '/server'],
    ["the server's own directory when both are empty", '/where?directory=', '', '/server'],
    ['an encoded header', '/where', encodeURIComponent('/pröj ect'), '/pröj ect'],
    ['a header of plain UTF-8', '/where', Buffer.from('/pröj/日本').toString('latin1'), '/pröj/日本'],
    ['a header of plain Latin-1', '/where', '/pröj', '/pröj'],
    ['a query that is encoded twice', '/where?directory=%252Fquery%2520x', undefined, '/query x'],
    ['text with a bad escape as it is', '/where?directory=/50%25', undefined, '/50%'],
    ['the normalised path', '/where?directory=/a/../b/', undefined, '/b'],
    ['what the route names, before the query', '/thing/known?directory=/query', '/header', '/thing'],
    ['the query when the route names nothing known', '/thing/unknown?directory=/query', undefined, '/query'],
    ['the query when the named directory is gone', '/thing/lost?directory=/query', undefined, '/query'],
  ])('is %s', async (_name, path, header, expected) => {
    expect(await where(path, header)).toEqual({ status: 200, body: { directory: expected } });
  });

  it.each([
    ['relative', '/where?directory=src', '"src" is relative'],
    ['a NUL byte', '/where?directory=/a%2500', 'NUL'],
    ['given twice', '/where?directory=/a&directory=/b', 'received array'],
  ])('is refused when it is %s', async (_name, path, message) => {
    const { status, body } = await where(path);
    expect(status).toBe(400);
    expect(body).toMatchObject({
      success: false,
      error: [{ path: ['directory'] }],
      data: { directory: expect.anything() },
    });
    expect(JSON.stringify(body['errors'])).toContain(JSON.stringify(message).slice(1, -1));
  });

  it('is refused as the locator says when it does not exist', async () => {
    expect(await where('/where?directory=/gone')).toEqual({
      status: 404,
      body: { name: 'NotFoundError', data: { message: 'No such directory: /gone' } },
    });
  });

  describe('is held', () => {
    it('while the request runs, and let go afterwards', async () => {
      const answer = fetch(`${url}/wait?directory=/busy`);
      await until(() => latest?.directory === '/busy');
      await delay(20);
      expect(latest?.signal.aborted).toBe(false);
      finish();
      expect(await (await answer).json()).toBe(true);
      await until(() => latest?.signal.aborted);
    });

    it('until the client goes away', async () => {
      const client = new AbortController();
      const answer = fetch(`${url}/wait?directory=/left`, { signal: client.signal });
      await until(() => latest?.directory === '/left');
      client.abort();
      await expect(answer).rejects.toThrow();
      await until(() => latest?.signal.aborted);
      finish();
    });

    it('until the handler throws', async () => {
      expect(await where('/fail?directory=/fails')).toEqual({
        status: 500,
        body: { name: 'UnknownError', data: { message: 'Error: broken' } },
      });
      await until(() => latest?.directory === '/fails' && latest.signal.aborted);
    });
  });
});

describe('allowed roots', () => {
  it('refuse what lies outside, links followed', async () => {
    const root = await realpath(await mkdtemp(join(tmpdir(), 'roots-')));
    await symlink('/usr', join(root, 'link'));
    const { app, url } = await start({ allowedRoots: [root] });
    const status = async (directory: string) =>
      (await fetch(`${url}/where?directory=${encodeURIComponent(directory)}`)).status;
    try {
      expect(await status(root)).toBe(200);
      expect(await status(join(root, 'new'))).toBe(200);
      expect(await status('/usr')).toBe(403);
      expect(await status(join(root, '..'))).toBe(403);
      expect(await status(join(root, 'link'))).toBe(403);
      expect((await fetch(`${url}/where`)).status).toBe(403);
      expect((await fetch(`${url}/thing/known?directory=${root}`)).status).toBe(200);
    } finally {
      await app.close();
      await rm(root, { recursive: true });
    }
  });
});
