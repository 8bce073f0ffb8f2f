import { type INestApplicationContext, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, removeFolder } from '../../../src/testing/temporary-folder.js';
import * as api from '../../../src/index.js';

@Injectable()
class History {
  constructor(
    readonly stored: api.HistoryService,
    readonly parts: api.PartService,
    readonly forks: api.ForkService,
    readonly reverts: api.RevertService,
    readonly diffs: api.DiffService,
  ) {}
}

@Injectable()
class Worker {
  constructor(
    readonly instances: api.InstanceStore,
    readonly sessions: api.SessionService,
    readonly runner: api.SessionRunner,
    readonly events: api.EventBus,
    readonly history: History,
  ) {}
}

@Injectable()
class Others {
  constructor(
    readonly sharing: api.SharingService,
    readonly summaries: api.SummarizeService,
    readonly tools: api.ToolRegistry,
    readonly definitions: api.ToolDefinitions,
  ) {}
}

const MODEL = { providerID: 'offline', modelID: 'guide' };

/** A host without HTTP can do what clients can, with the services behind the routes. */
describe('without HTTP', () => {
  let directory: string;
  let app: INestApplicationContext;
  beforeAll(async () => {
    directory = await makeFolder();
    @Module({
      imports: [
        api.OpencodeModule.forRoot({
          environment: new api.SystemEnvironment(
            { HOME: join(directory, 'home'), PATH: process.env['PATH'] },
            directory,
          ),
          storage: 'memory',
          localModels: false,
        }),
      ],
      providers: [History, Worker, Others],
    })
    class WorkerModule {}
    app = await NestFactory.createApplicationContext(WorkerModule, { logger: false, abortOnError: false });
  });
  afterAll(async () => {
    await app.close();
    await removeFolder(directory);
  });

  it('prompts, reads, edits, copies and takes back', async () => {
    const { instances, sessions, runner, events, history } = app.get(Worker);
    const { stored, parts, forks, reverts, diffs } = history;
    await instances.use(directory, async (instance) => {
      const heard: string[] = [];
      const listening = events.instance$(instance).subscribe(({ type }) => heard.push(type));
      const session = await sessions.create(instance, { title: 'Headless' });
      const prompt = { parts: [{ type: 'text' as const, text: 'write "hello" to a.txt' }] };
      const { reply } = await runner.prompt(instance, session.id, prompt);
      const { info } = await reply;
      expect(info.role).toBe('assistant');
      expect(await readFile(join(directory, 'a.txt'), 'utf8')).toBe('hello\n');
      expect(heard).toEqual(expect.arrayContaining(['message.part.delta', 'session.idle']));
      listening.unsubscribe();

      const messages = JSON.parse(await stored.text(session.id, {})) as api.MessageWithParts[];
      const [user] = messages;
      const [part] = user!.parts;
      const place = { sessionID: session.id, messageID: user!.info.id, partID: part!.id };
      await parts.save(instance, place, { ...part, text: 'edited' } as api.TextPart);
      expect((await stored.message(session.id, user!.info.id)).parts).toMatchObject([{ text: 'edited' }]);

      const copy = await forks.fork(instance, session.id);
      expect(copy).toMatchObject({ title: 'Headless (fork #1)' });
      const summary = await app.get(Others).summaries.summarize(instance, copy.id, MODEL);
      await summary.reply;
      const summarised = JSON.parse(await stored.text(copy.id, {})) as api.MessageWithParts[];
      expect(summarised.some(({ info }) => info.role === 'assistant' && info.summary)).toBe(true);
      expect(await diffs.ofSession(instance, session.id)).toEqual(expect.any(Array));
      const reverted = await reverts.revert(instance, session.id, { messageID: user!.info.id });
      expect(reverted.revert).toMatchObject({ messageID: user!.info.id });
      expect(await reverts.unrevert(instance, session.id)).not.toHaveProperty('revert');
    });
  });

  it('shares, and knows the tools', async () => {
    const { instances, sessions } = app.get(Worker);
    const { sharing, tools, definitions } = app.get(Others);
    await instances.use(directory, async (instance) => {
      const session = await sessions.create(instance, {});
      await expect(sharing.share(instance, session.id)).rejects.toThrow('No share service');
      const told = await definitions.of(instance, await tools.list(instance));
      expect(told.find(({ id }) => id === 'read')).toMatchObject({ parameters: { type: 'object' } });
    });
  });

  it('every service behind a route is public', () => {
    const source = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
    const folder = new URL('../../../libs/api/src', import.meta.url);
    const controllers = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.controller.ts'),
    );
    const injected = controllers.flatMap((name) => {
      const [, parameters = ''] = /constructor\(([^)]*)\)/.exec(source(`libs/api/src/${name}`)) ?? [];
      return [...parameters.matchAll(/readonly \w+: (\w+)/g)].map(([, type]) => type!);
    });
    expect(controllers.length).toBeGreaterThan(30);
    expect([...new Set(injected)].filter((name) => !(name in api))).toEqual([
      // how requests find their directory
      'InstanceScopeService',
      // whether a client waits for changed files
      'ConfigReload',
    ]);
  });
});
