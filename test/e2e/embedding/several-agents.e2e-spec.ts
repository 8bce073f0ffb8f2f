import { type CanActivate, type ExecutionContext, Get, Injectable, Module } from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { OnEvent } from '@nestjs/event-emitter';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { once } from 'node:events';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import {
  AgentTool,
  CurrentInstance,
  Environment,
  HttpModule,
  InjectAgent,
  InjectedApi,
  type Instance,
  InstanceStore,
  IsolatedAgent,
  item,
  NumberField,
  OpencodeController,
  OpencodeHttpModule,
  OpencodeModule,
  Operation,
  type PublishedEvent,
  SessionService,
  StringField,
  SystemEnvironment,
} from '../../../src/index.js';
import { EventReader } from '../../../src/testing.js';
import { makeFolder, removeFolder } from '../../../src/testing/temporary-folder.js';
import { HOST_ADAPTERS, startHost } from '../../helpers/host-application.js';
import { until } from '../../helpers/until.js';

class WordInput {
  @StringField()
  word!: string;
}

@AgentTool({ id: 'shout', description: 'Says a word loudly.', input: WordInput })
class ShoutTool {
  async execute({ word }: WordInput) {
    return { title: word, output: word.toUpperCase() };
  }
}

/** What the host has for everybody. */
@Injectable()
class Ledger {
  readonly lines: string[] = [];
}

@Module({ providers: [Ledger], exports: [Ledger] })
class LedgerModule {}

@Injectable()
class Scribe {
  constructor(
    private readonly ledger: Ledger,
    private readonly environment: Environment,
  ) {}

  @OnEvent('session.created')
  onCreated({ properties }: PublishedEvent<'session.created'>): void {
    this.ledger.lines.push(`${this.environment.paths.home} ${properties.info.id}`);
  }
}

@Module({ imports: [LedgerModule], providers: [Scribe] })
class ScribeModule {}

class Count {
  @NumberField()
  sessions!: number;
}

/** A route of its own. */
@OpencodeController('shouts')
class ShoutController {
  constructor(private readonly sessions: SessionService) {}

  @Get()
  @Operation({ id: 'shouts.count', summary: 'How many sessions there are', answer: item.ref(() => Count) })
  async count(@CurrentInstance() instance: Instance): Promise<Count> {
    return { sessions: (await this.sessions.list(instance)).length };
  }
}

@Module({ imports: [HttpModule], controllers: [ShoutController], providers: [ShoutTool] })
class ShoutModule {}

/** Works for one agent, and sees its services as if it were the only one. */
@Injectable()
class Reviewer {
  constructor(readonly sessions: SessionService) {}
}

/** Works with both. */
@Injectable()
class Dispatcher {
  constructor(
    @InjectAgent('reviews') readonly reviews: IsolatedAgent,
    @InjectAgent('chores') readonly chores: IsolatedAgent,
  ) {}
}

/** Lets in who knows the word, and the plugins that run inside. */
@Injectable()
class WordGuard implements CanActivate {
  constructor(private readonly dispatcher: Dispatcher) {}

  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, string> }>();
    const { reviews, chores } = this.dispatcher;
    return headers['x-word'] === 'sesame' || [reviews, chores].some((agent) => agent.get(InjectedApi).isOwn(headers));
  }
}

const AGENTS = ['reviews', 'chores'] as const;
/** Asks the server that it is told of for the home directory. */
const PLUGIN = `import { appendFile } from 'node:fs/promises';
export const Where = async ({ client, directory, serverUrl }) => ({
  event: async ({ event }) => {
    if (event.type !== 'session.created') return;
    const { data } = await client.path.get();
    await appendFile(directory + '/where.txt', serverUrl.pathname + ' ' + data.config + '\\n');
  },
});
`;
const headers = { 'x-word': 'sesame', 'content-type': 'application/json' };

describe.each(HOST_ADAPTERS)('several agents in one host on %s', (name) => {
  let root: string;
  let project: string;
  let app: INestApplication;
  let url: string;
  beforeAll(async () => {
    root = await makeFolder();
    project = join(root, 'project');
    for (const agent of AGENTS) {
      await mkdir(join(root, agent, '.config/opencode'), { recursive: true });
      const config = {
        username: agent,
        provider: { [`own-${agent}`]: { npm: '@ai-sdk/openai-compatible', models: { m: {} } } },
      };
      await writeFile(join(root, agent, '.config/opencode/opencode.json'), JSON.stringify(config));
    }
    await mkdir(project);
    await writeFile(join(project, 'a.txt'), 'hello\n');
    await mkdir(join(project, '.opencode/plugin'), { recursive: true });
    await writeFile(join(project, '.opencode/plugin/where.js'), PLUGIN);
    const environment = (agent: string) => new SystemEnvironment({ HOME: join(root, agent) }, project);
    const reviews = OpencodeModule.forRoot({
      isolated: 'reviews',
      isGlobal: true,
      environment: environment('reviews'),
      localModels: false,
      modules: [ShoutModule, ScribeModule],
    });
    const chores = OpencodeModule.forRootAsync({
      isolated: 'chores',
      isGlobal: true,
      imports: [LedgerModule],
      inject: [Ledger],
      useFactory: () => ({ environment: environment('chores'), localModels: false }),
      storage: 'memory',
      modules: [ScribeModule],
    });
    @Module({ imports: [reviews], providers: [Reviewer] })
    class ReviewerModule {}
    @Module({
      imports: [
        LedgerModule,
        ReviewerModule,
        reviews,
        chores,
        OpencodeHttpModule.forRoot({ for: reviews, prefix: 'reviews' }),
        OpencodeHttpModule.forRoot({ for: chores, prefix: 'api/chores' }),
      ],
      providers: [Dispatcher, { provide: APP_GUARD, useClass: WordGuard }],
    })
    class AppModule {}
    ({ app, url } = await startHost(name, AppModule));
  });
  afterAll(() => removeFolder(root));

  const json = async (path: string, body?: unknown) => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(url + path, { headers, ...init });
    return { status: response.status, body: JSON.parse(await response.text()) };
  };

  it('each has its configuration, providers and tools', async () => {
    for (const [path, own, other] of [
      ['reviews', 'reviews', 'chores'],
      ['api/chores', 'chores', 'reviews'],
    ] as const) {
      expect((await json(`/${path}/config`)).body).toMatchObject({ username: own });
      const { body } = await json(`/${path}/config/providers`);
      const ids = body.providers.map(({ id }: { id: string }) => id);
      expect(ids).toContain(`own-${own}`);
      expect(ids).not.toContain(`own-${other}`);
    }
    expect((await json('/reviews/experimental/tool/ids')).body).toContain('shout');
    const tools = (await json('/api/chores/experimental/tool/ids')).body;
    expect(tools).toContain('bash');
    expect(tools).not.toContain('shout');
  });

  it('each has its sessions, runs and events', async () => {
    using reviews = await EventReader.open(`${url}/reviews/event`, headers);
    using chores = await EventReader.open(`${url}/api/chores/event`, headers);
    const { body: session } = await json('/reviews/session', {});
    const model = { providerID: 'offline', modelID: 'guide' };
    const parts = [{ type: 'text', text: 'read a.txt' }];
    const { body: answer } = await json(`/reviews/session/${session.id}/message`, { model, parts });
    expect(answer.parts.at(-2)).toMatchObject({ text: expect.stringContaining('hello') });
    await reviews.until('session.idle');
    const { body: chore } = await json('/api/chores/session', {});
    await chores.until('session.updated');
    expect(chores.types('session')).toEqual(['session.created', 'session.updated']);
    const listed = async (path: string) => (await json(`/${path}/session`)).body.map(({ id }: { id: string }) => id);
    expect([await listed('reviews'), await listed('api/chores')]).toEqual([[session.id], [chore.id]]);
    expect((await json(`/api/chores/session/${session.id}`)).status).toBe(404);
    expect((await json('/shouts')).body).toEqual({ sessions: 1 });
    // the listed module was copied for each, what it imports is that of the host
    expect(app.get(Ledger).lines).toEqual([
      `${join(root, 'reviews')} ${session.id}`,
      `${join(root, 'chores')} ${chore.id}`,
    ]);
    await stat(join(root, 'reviews/.local/share/opencode/opencode-nest-reviews.db'));
    // a plugin of the project speaks to the agent that runs it
    const where = () => readFile(join(project, 'where.txt'), 'utf8').catch(() => '');
    await until(async () => (await where()).split('\n').length > 2, 'the plugin has run for both');
    expect((await where()).trim().split('\n').sort()).toEqual([
      `/api/chores ${join(root, 'chores')}/.config/opencode`,
      `/reviews ${join(root, 'reviews')}/.config/opencode`,
    ]);
  });

  it('each has its terminals', async () => {
    for (const path of ['reviews', 'api/chores']) {
      const { body: pty } = await json(`/${path}/pty`, { command: '/bin/cat', cwd: project });
      const socket = new WebSocket(`${url.replace('http', 'ws')}/${path}/pty/${pty.id}/connect`, { headers });
      await once(socket, 'open');
      socket.send('hi\r');
      await once(socket, 'message');
      socket.terminate();
      const other = path === 'reviews' ? 'api/chores' : 'reviews';
      expect((await json(`/${other}/pty/${pty.id}`)).status).toBe(404);
    }
  });

  it('the guard and the document of the host count for both', async () => {
    expect((await fetch(`${url}/reviews/session`)).status).toBe(403);
    expect((await fetch(`${url}/api/chores/event`)).status).toBe(403);
    expect((await json('/session')).status).toBe(404);
    const own = (await json('/reviews/doc')).body;
    const paths = Object.keys(own.paths);
    expect(paths).toContain('/reviews/session/{sessionID}');
    expect(paths.filter((path) => !path.startsWith('/reviews/'))).toEqual(['/shouts']);
    const document = SwaggerModule.createDocument(app, new DocumentBuilder().build());
    expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(['/reviews/session', '/api/chores/session']));
  });

  it('code of the host reaches them by module and by name', async () => {
    const { reviews, chores } = app.get(Dispatcher);
    expect(reviews.get(SessionService)).toBe(app.get(Reviewer).sessions);
    expect(chores.get(SessionService)).not.toBe(reviews.get(SessionService));
    const made = await chores
      .get(InstanceStore)
      .use(project, (instance) => chores.get(SessionService).create(instance, {}));
    expect((await json(`/api/chores/session/${made.id}`)).status).toBe(200);
    expect(() => chores.get(ShoutTool)).toThrow(/agent "chores" has no ShoutTool/);
  });

  it('the end of the host ends both', async () => {
    const { reviews, chores } = app.get(Dispatcher);
    const paths = ['reviews', 'api/chores'];
    const terminals = await Promise.all(
      paths.map((path) => json(`/${path}/pty`, { command: '/bin/cat', cwd: project })),
    );
    const streams = await Promise.all(paths.map((path) => fetch(`${url}/${path}/event`, { headers })));
    const ends = streams.map((stream) => stream.text().catch(() => 'cut off'));
    const signals = await Promise.all(
      [reviews, chores].map((agent) => agent.get(InstanceStore).use(project, async ({ signal }) => signal)),
    );
    await app.close();
    await Promise.all(ends);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
    for (const { body } of terminals) expect(() => process.kill(body.pid, 0)).toThrow('ESRCH');
  });
});
