import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  ConfigService,
  InstanceStore,
  OpencodeHttpModule,
  OpencodeModule,
  SystemEnvironment,
  ToolRegistry,
} from '../../../src/index.js';
import { TemporaryProject } from '../../../src/testing.js';

const PLUGIN = `import { writeFileSync } from 'node:fs';
export const Embedded = async ({ client, directory, serverUrl }) => {
  const failure = (error) => ({ name: error.name, message: error.message });
  const outcome = await client.config.get({ throwOnError: true }).then(({ data }) => data.username, failure);
  const first = async ({ stream }) => { for await (const { type } of stream) return type; };
  const event = await client.event.subscribe().then(first, failure);
  writeFileSync(directory + '/outcome.json', JSON.stringify({ outcome, event, path: serverUrl.pathname }));
  return {
    config: async (config) => { config.username = 'changed'; },
    tool: { hello: { description: 'Hello', args: {}, execute: async () => 'hello' } },
  };
};`;

describe('plugins in an application of somebody else', () => {
  let project: TemporaryProject;
  beforeEach(async () => {
    project = await TemporaryProject.create({
      files: { '.opencode/plugin/embedded.js': PLUGIN },
      config: { username: 'Ada' },
    });
  });
  afterEach(() => project.remove());

  const opencode = () =>
    OpencodeModule.forRoot({
      environment: new SystemEnvironment({ HOME: project.path('home') }, project.directory),
      storage: 'memory',
      localModels: false,
    });
  const outcome = async () => JSON.parse(await project.read('outcome.json'));

  it.each([
    ['Fastify', () => new FastifyAdapter()],
    ['Express', () => new ExpressAdapter()],
  ])('speak to it below its prefix on %s', async (_, adapter) => {
    @Module({ imports: [opencode(), OpencodeHttpModule.forRoot({ prefix: 'agent' })] })
    class AppModule {}
    const app = await NestFactory.create(AppModule, adapter(), { logger: false, forceCloseConnections: true });
    try {
      await app.listen(0, '127.0.0.1');
      const answer = await fetch(`${await app.getUrl()}/agent/config`);
      expect(await answer.json()).toMatchObject({ username: 'changed' });
      expect(await outcome()).toEqual({ outcome: 'Ada', event: 'server.connected', path: '/agent' });
    } finally {
      await app.close();
    }
  });

  it('work without HTTP, apart from their client', async () => {
    const app = await NestFactory.createApplicationContext(opencode(), { logger: false });
    try {
      using lease = await app.get(InstanceStore).acquire(project.directory);
      expect((await app.get(ConfigService).get(lease.instance)).username).toBe('changed');
      expect(await app.get(ToolRegistry).ids(lease.instance)).toContain('hello');
      const failure = { name: 'ClientUnavailableError', message: expect.stringContaining('import OpencodeHttpModule') };
      expect(await outcome()).toEqual({ outcome: failure, event: failure, path: '/' });
    } finally {
      await app.close();
    }
  });
});
