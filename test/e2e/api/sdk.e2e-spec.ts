import { createOpencodeClient as createClientV1, createOpencodeServer as createServerV1 } from '@opencode-ai/sdk';
import { createOpencode, createOpencodeClient, type Event, type OpencodeClient } from '@opencode-ai/sdk/v2';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { reply, ScriptedModel, scriptedProvider, TemporaryProject, TestServer } from '../../../src/testing.js';
import { makeFolder, removeFolder } from '../../../src/testing/temporary-folder.js';
import { isolated } from '../../../src/testing/test-server.js';
import { alive } from '../../helpers/alive.js';
import { builtCommand } from '../../helpers/built-command.js';
import { until } from '../../helpers/until.js';

const parts = [{ type: 'text' as const, text: 'What does a.txt say?' }];

/** Reads a stream of the client until an event of a type, which comes last. */
async function readUntil<T extends Event['type']>(stream: AsyncIterator<Event>, type: T): Promise<Event[]> {
  const seen: Event[] = [];
  for (;;) {
    const { value, done } = await stream.next();
    if (done) throw new Error(`The stream ended before ${type}`);
    seen.push(value);
    if (value.type === type) return seen;
  }
}

describe('the official client', () => {
  let model: ScriptedModel;
  let project: TemporaryProject;
  let server: TestServer;
  beforeAll(async () => {
    model = await ScriptedModel.start();
    project = await TemporaryProject.create({ model, files: { 'a.txt': 'hello' } });
    server = await TestServer.start();
  });
  afterAll(async () => {
    await server.close();
    await project.remove();
    await model.close();
  });
  beforeEach(() => model.clear());
  const script = () =>
    model.push(
      reply()
        .text('I look.')
        .tool('read', { filePath: project.path('a.txt') }),
      reply().text('It says ', 'hello.'),
    );

  describe('of version 2', () => {
    let client: OpencodeClient;
    beforeAll(() => {
      client = createOpencodeClient({ baseUrl: server.url, directory: project.directory });
    });

    /** The client asks for its stream when the first event is read. */
    const follow = async () => {
      const { stream } = await client.event.subscribe();
      expect(await readUntil(stream, 'server.connected')).toHaveLength(1);
      return stream;
    };

    it('prompts, follows the events, and reads the history back', async () => {
      const stream = await follow();
      script();
      const session = (await client.session.create({ title: 'sdk' }, { throwOnError: true })).data;
      expect(session).toMatchObject({ title: 'sdk', directory: project.directory });
      const answer = (await client.session.prompt({ sessionID: session.id, parts }, { throwOnError: true })).data;
      expect(answer.info).toMatchObject({ role: 'assistant', finish: 'stop' });
      expect(answer.parts).toContainEqual(expect.objectContaining({ type: 'text', text: 'It says hello.' }));

      const events = await readUntil(stream, 'session.idle');
      const deltas = events.flatMap((event) => (event.type === 'message.part.delta' ? [event.properties.delta] : []));
      expect(deltas).toEqual(['I look.', 'It says ', 'hello.']);
      const tools = events.flatMap((event) =>
        event.type === 'message.part.updated' && event.properties.part.type === 'tool'
          ? [event.properties.part.state.status]
          : [],
      );
      expect([...new Set(tools)]).toEqual(['pending', 'running', 'completed']);

      const { data: messages } = await client.session.messages({ sessionID: session.id });
      expect(messages?.map(({ info }) => info.role)).toEqual(['user', 'assistant', 'assistant']);
      expect(messages?.at(-1)).toEqual(answer);
      const { data: newest } = await client.session.messages({ sessionID: session.id, limit: 1 });
      expect(newest).toEqual([answer]);
      const { data: message } = await client.session.message({ sessionID: session.id, messageID: answer.info.id });
      expect(message).toEqual(answer);
      const { data: sessions } = await client.session.list({ roots: true, limit: 10 });
      expect(sessions?.map(({ id }) => id)).toContain(session.id);
      await stream.return(undefined);
    });

    it('sends prompts without waiting, and aborts', async () => {
      const stream = await follow();
      const { id: sessionID } = (await client.session.create({}, { throwOnError: true })).data;
      model.push(reply().text('Once upon').hang());
      const { response } = await client.session.promptAsync({ sessionID, parts }, { throwOnError: true });
      expect(response.status).toBe(204);
      await readUntil(stream, 'message.part.delta');
      expect((await client.session.status()).data).toEqual({ [sessionID]: { type: 'busy' } });
      expect((await client.session.abort({ sessionID })).data).toBe(true);
      const events = await readUntil(stream, 'session.error');
      expect(events.at(-1)).toMatchObject({ properties: { sessionID, error: { name: 'MessageAbortedError' } } });
      expect((await client.session.status()).data).toEqual({});
      const { data } = await client.session.messages({ sessionID });
      expect(data?.at(-1)?.info).toMatchObject({ role: 'assistant', error: { name: 'MessageAbortedError' } });
      await stream.return(undefined);
    });

    it('answers permission questions, in both ways', async () => {
      const stream = await follow();
      const permission = [{ permission: 'bash', pattern: '*', action: 'ask' as const }];
      const { id: sessionID } = (await client.session.create({ permission }, { throwOnError: true })).data;
      const ask = async () => {
        model.push(reply().tool('bash', { command: 'echo ran', description: 'echo' }), reply().text('Done.'));
        const prompt = client.session.prompt({ sessionID, parts }, { throwOnError: true });
        const event = (await readUntil(stream, 'permission.asked')).at(-1);
        if (event?.type !== 'permission.asked') throw new Error('unreachable');
        expect((await client.permission.list()).data).toEqual([event.properties]);
        return { prompt, requestID: event.properties.id };
      };
      const one = await ask();
      expect((await client.permission.reply({ requestID: one.requestID, reply: 'once' })).data).toBe(true);
      expect((await one.prompt).data.parts).toContainEqual(expect.objectContaining({ text: 'Done.' }));
      const two = await ask();
      const old = createClientV1({ baseUrl: server.url, directory: project.directory });
      const answered = await old.postSessionIdPermissionsPermissionId({
        path: { id: sessionID, permissionID: two.requestID },
        body: { response: 'reject' },
      });
      expect(answered.data).toBe(true);
      expect((await two.prompt).data.parts).toContainEqual(
        expect.objectContaining({ type: 'tool', state: expect.objectContaining({ status: 'error' }) }),
      );
      expect((await client.permission.list()).data).toEqual([]);
      await stream.return(undefined);
    });

    it('reads what the server knows', async () => {
      expect((await client.config.get()).data).toMatchObject({ model: 'scripted/test' });
      const { data: configured } = await client.config.providers();
      expect(configured?.default).toMatchObject({ scripted: 'test' });
      expect(configured?.providers.map(({ id }) => id)).toEqual(expect.arrayContaining(['scripted', 'offline']));
      const { data: providers } = await client.provider.list();
      expect(providers?.connected).toContain('scripted');
      expect((await client.app.agents()).data?.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['build', 'plan']),
      );
      expect((await client.tool.ids()).data).toEqual(
        expect.arrayContaining(['read', 'write', 'edit', 'bash', 'glob', 'grep', 'todowrite']),
      );
      expect((await client.path.get()).data).toMatchObject({ directory: project.directory });
      expect((await client.project.current()).data).toMatchObject({ id: 'global' });
      expect((await client.global.health()).data).toEqual({ healthy: true, version: '1.2.6' });
      expect((await client.app.log({ service: 'sdk', level: 'info', message: 'hello' })).data).toBe(true);
    });

    it('changes and deletes sessions', async () => {
      const { id: sessionID } = (await client.session.create({}, { throwOnError: true })).data;
      expect((await client.session.update({ sessionID, title: 'new' })).data?.title).toBe('new');
      const child = (await client.session.create({ parentID: sessionID }, { throwOnError: true })).data;
      expect((await client.session.children({ sessionID })).data).toEqual([child]);
      expect((await client.session.todo({ sessionID })).data).toEqual([]);
      expect((await client.session.delete({ sessionID })).data).toBe(true);
      expect((await client.session.get({ sessionID: child.id })).response.status).toBe(404);
    });

    it('gets errors as objects', async () => {
      const missing = await client.session.get({ sessionID: 'ses_missing' });
      expect([missing.data, missing.error]).toEqual([
        undefined,
        { name: 'NotFoundError', data: { message: 'Session not found: ses_missing' } },
      ]);
      const { id: sessionID } = (await client.session.create({}, { throwOnError: true })).data;
      const invalid = await client.session.prompt({ sessionID, parts: [{ type: 'text' } as never] });
      expect(invalid.error).toMatchObject({ success: false, errors: [{ path: ['parts', 0, 'text'] }] });
      const model = { providerID: 'scripted', modelID: 'nope' };
      const unknown = await client.session.prompt({ sessionID, parts, model });
      expect([unknown.response.status, unknown.error]).toMatchObject([
        400,
        { name: 'ProviderModelNotFoundError', data: model },
      ]);
      await expect(client.session.get({ sessionID: 'other' }, { throwOnError: true })).rejects.toMatchObject({
        success: false,
      });
    });

    it('follows all projects at once', async () => {
      const { stream } = await client.global.event();
      expect((await stream.next()).value).toEqual({ payload: { type: 'server.connected', properties: {} } });
      const session = (await client.session.create({}, { throwOnError: true })).data;
      // something of an earlier session may come first
      let told: unknown;
      do told = (await stream.next()).value;
      while (!JSON.stringify(told).includes('"session.created"'));
      expect(told).toEqual({
        directory: project.directory,
        payload: { type: 'session.created', properties: { info: session } },
      });
      await stream.return(undefined);
    });
  });

  it('of version 1 prompts, follows the events, and reads the history back', async () => {
    const client = createClientV1({ baseUrl: server.url, directory: project.directory });
    const { stream } = await client.event.subscribe();
    expect((await stream.next()).value).toEqual({ type: 'server.connected', properties: {} });
    script();
    const session = (await client.session.create({ body: { title: 'v1' }, throwOnError: true })).data;
    const path = { id: session.id };
    const answer = (await client.session.prompt({ path, body: { parts }, throwOnError: true })).data;
    expect(answer.parts).toContainEqual(expect.objectContaining({ type: 'text', text: 'It says hello.' }));
    const types: string[] = [];
    for await (const event of stream) {
      types.push(event.type);
      if (event.type === 'session.idle') break;
    }
    expect(types).toEqual(
      expect.arrayContaining(['session.created', 'message.updated', 'message.part.updated', 'session.status']),
    );
    expect((await client.session.messages({ path })).data).toHaveLength(3);
    expect((await client.session.messages({ path, query: { limit: 1 } })).data).toEqual([answer]);
    expect((await client.session.list()).data?.map(({ id }) => id)).toContain(session.id);
    expect((await client.session.update({ path, body: { title: 'v1, named' } })).data?.title).toBe('v1, named');
    expect((await client.config.get()).data).toMatchObject({ model: 'scripted/test' });
    expect((await client.config.providers()).data?.default).toMatchObject({ scripted: 'test' });
    expect((await client.app.agents()).data?.map(({ name }) => name)).toContain('build');
    expect((await client.session.abort({ path })).data).toBe(true);
    expect((await client.session.delete({ path })).data).toBe(true);
    expect((await client.session.get({ path })).error).toMatchObject({ name: 'NotFoundError' });
  });

  it('finds the directory under any name', async () => {
    await using named = await TemporaryProject.create({ files: { 'Größe 100%/a.txt': 'a' } });
    const directory = named.path('Größe 100%');
    for (const create of [createClientV1, createOpencodeClient]) {
      const { data } = await create({ baseUrl: server.url, directory }).path.get();
      expect(data?.directory).toBe(directory);
    }
  });

  describe('as a launcher', () => {
    let home: string;
    const path = process.env['PATH'];
    beforeAll(async () => {
      home = await makeFolder();
      const variables = Object.entries(isolated(home)).map(([name, value]) => `${name}='${value}'`);
      const command = `exec env -i ${variables.join(' ')} OPENCODE_CONFIG_CONTENT="$OPENCODE_CONFIG_CONTENT"`;
      // the client starts whatever is called so on the search path
      await writeFile(
        join(home, 'opencode'),
        `#!/bin/sh\necho $$ > '${join(home, 'pid')}'\ncd '${project.directory}'\n${command} '${process.execPath}' '${await builtCommand()}' "$@"\n`,
      );
      await chmod(join(home, 'opencode'), 0o755);
      process.env['PATH'] = `${home}${delimiter}${path ?? ''}`;
    });
    afterAll(async () => {
      process.env['PATH'] = path;
      await removeFolder(home);
    });

    const stopped = async () => {
      const pid = Number(await readFile(join(home, 'pid'), 'utf8'));
      await until(async () => !(await alive(pid)), 'the server has stopped');
    };

    it('starts the server with a configuration of its own, and stops it', async () => {
      const config = { ...scriptedProvider(model), username: 'sdk' } as object;
      const { client, server: own } = await createOpencode({ port: 0, timeout: 60_000, config });
      try {
        expect((await client.config.get()).data).toMatchObject({ username: 'sdk', model: 'scripted/test' });
        expect((await client.path.get()).data?.directory).toBe(project.directory);
        model.push(reply().text('Started.'));
        const { id: sessionID } = (await client.session.create({}, { throwOnError: true })).data;
        const answer = (await client.session.prompt({ sessionID, parts }, { throwOnError: true })).data;
        expect(answer.parts).toContainEqual(expect.objectContaining({ text: 'Started.' }));
      } finally {
        own.close();
      }
      await stopped();
    });

    it('of version 1 starts it too', async () => {
      const own = await createServerV1({ port: 0, timeout: 60_000 });
      try {
        expect((await createClientV1({ baseUrl: own.url }).session.list()).data).toEqual(expect.any(Array));
      } finally {
        own.close();
      }
      await stopped();
    });
  });
});
