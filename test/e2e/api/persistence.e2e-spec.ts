import { EventReader, reply, ScriptedModel, TemporaryProject } from '../../../src/testing.js';
import { makeFolder, removeFolder } from '../../../src/testing/temporary-folder.js';
import { alive } from '../../helpers/alive.js';
import { say } from '../../helpers/project-client.js';
import { SpawnedServer } from '../../helpers/spawn-server.js';
import { until } from '../../helpers/until.js';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads whatever it expects
type Body = any;

const call = (server: SpawnedServer, path: string, json?: unknown) => server.request(path, { json });

const USER = { role: 'user' };
const COMMAND = 'sleep 300 & echo started $$ $!; wait';

const TODOS = [{ content: 'Survive', status: 'in_progress', priority: 'high' }];

describe('a server that is killed', () => {
  let model: ScriptedModel;
  let project: TemporaryProject;
  let home: string;
  beforeEach(async () => {
    model = await ScriptedModel.start();
    project = await TemporaryProject.create({ model, files: { 'a.txt': 'hello\n' } });
    home = await makeFolder();
  });
  afterEach(async () => {
    await model.close();
    await project.remove();
    await removeFolder(home);
  });
  const start = () => SpawnedServer.start([], { home, cwd: project.directory });
  const kill = async (server: SpawnedServer) => {
    expect(await server.stop('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
  };

  /** Everything a client can read of a session. */
  const all = async (server: SpawnedServer, id: string) => ({
    session: (await call(server, `/session/${id}`)).body,
    list: (await call(server, '/session')).body,
    messages: (await call(server, `/session/${id}/message`)).body,
    todos: (await call(server, `/session/${id}/todo`)).body,
    children: (await call(server, `/session/${id}/children`)).body,
    projects: (await call(server, '/project')).body.map(({ time, ...rest }: Body) => ({
      ...rest,
      created: time.created,
    })),
  });

  it('has kept everything that was answered', async () => {
    let before: Awaited<ReturnType<typeof all>>;
    let id: string;
    {
      await using server = await start();
      id = (
        await call(server, '/session', {
          title: 'kept',
          permission: [{ permission: 'edit', pattern: '*', action: 'deny' }],
        })
      ).body.id;
      await call(server, '/session', { parentID: id });
      model.push(
        reply()
          .reasoning('Hm.')
          .text('I look.')
          .tool('read', { filePath: project.path('a.txt') })
          .tool('todowrite', { todos: TODOS }),
        reply().tool('write', { filePath: project.path('b.txt'), content: 'b' }),
        reply().text('It says hello.'),
      );
      const { status } = await call(server, `/session/${id}/message`, say('What is in a.txt?'));
      expect(status).toBe(200);
      before = await all(server, id);
      // acknowledged a moment ago, and nothing else since
      await call(
        server,
        `/session/${id}/message`,
        say('And then?', { noReply: true, messageID: 'msg_000000000000aaaaaaaaaaaaaa' }),
      );
      await kill(server);
    }
    await using server = await start();
    const after = await all(server, id);
    expect(after.messages.at(-1)).toMatchObject({
      info: { ...USER, id: 'msg_000000000000aaaaaaaaaaaaaa' },
      parts: [{ text: 'And then?' }],
    });
    expect(after.messages.slice(0, -1)).toEqual(before.messages);
    expect(after.todos).toEqual(TODOS);
    expect(after.session).toEqual({ ...before.session, time: { ...before.session.time, updated: expect.any(Number) } });
    expect(after.children).toEqual(before.children);
    expect(after.projects).toEqual(before.projects);
    expect(after.list.map((each: Body) => each.id).sort()).toEqual(before.list.map((each: Body) => each.id).sort());
    for (const { info, parts } of before.messages) {
      expect((await call(server, `/session/${id}/message/${info.id}`)).body).toEqual({ info, parts });
    }
    expect(before.messages.map(({ info }: Body) => info.role)).toEqual(['user', 'assistant', 'assistant', 'assistant']);

    // the conversation goes on where it was, and nothing that is known is overwritten
    model.push(reply().text('That was all.'));
    const next = await call(server, `/session/${id}/message`, say('Go on'));
    expect(next.body.parts).toContainEqual(expect.objectContaining({ type: 'text', text: 'That was all.' }));
    const told = JSON.stringify((await model.request(4)).body.messages);
    for (const text of ['What is in a.txt?', 'It says hello.', 'And then?', 'Go on']) expect(told).toContain(text);
    const ids = (await all(server, id)).messages.map(({ info }: Body) => info.id);
    expect(new Set(ids).size).toBe(7);
    const taken = await call(server, `/session/${id}/message`, say('twice', { messageID: ids[0] }));
    expect(taken.status).toBe(409);
  });

  it('in the middle of a stream and of a tool is usable at once, and idle', async () => {
    let id: string;
    let seen: Body[];
    let pids: number[];
    {
      await using server = await start();
      id = (await call(server, '/session', { title: 'cut' })).body.id;
      using events = await EventReader.open(`${server.url}/event`);
      model.push(reply().text('First part.').tool('bash', { command: COMMAND, description: 'waits' }));
      void call(server, `/session/${id}/message`, say('Start')).catch(() => undefined);
      const isRunning = (event: unknown) => /"output":"started \d+ \d+/.test(JSON.stringify(event));
      pids = JSON.stringify(await events.next(isRunning))
        .match(/started (\d+) (\d+)/)!
        .slice(1)
        .map(Number);
      // what a client was told by then it has been able to read as well
      seen = (await call(server, `/session/${id}/message`)).body;
      await kill(server);
    }
    await using server = await start();
    const { messages } = await all(server, id);
    expect((await call(server, '/session/status')).body).toEqual({});
    expect(messages.map(({ info }: Body) => info.id)).toEqual(seen.map(({ info }) => info.id));
    expect(messages[0]).toEqual(seen[0]);
    expect(messages[1].parts.map((part: Body) => [part.id, part.type])).toEqual(
      seen[1].parts.map((part: Body) => [part.id, part.type]),
    );
    expect(messages[1].parts).toContainEqual(expect.objectContaining({ type: 'text', text: 'First part.' }));
    const tool = messages[1].parts.find((part: Body) => part.type === 'tool');
    expect(tool).toMatchObject({ tool: 'bash', state: { input: { command: COMMAND } } });
    // the command went with its server
    for (const pid of pids) await until(async () => !(await alive(pid)), `process ${pid} is gone`);

    model.push(reply().text('Here again.'));
    const next = await call(server, `/session/${id}/message`, say('Hello?'));
    expect([next.status, next.body.info.error]).toEqual([200, undefined]);
    expect(next.body.parts).toContainEqual(expect.objectContaining({ type: 'text', text: 'Here again.' }));
    // the model hears that the call never came to an end
    const { body } = await model.request(2);
    expect(body.messages.filter(({ role }) => role === 'tool')).toHaveLength(1);
  });

  it('while text streams keeps the message, and answers the next prompt', async () => {
    let id: string;
    {
      await using server = await start();
      id = (await call(server, '/session', { title: 'text' })).body.id;
      using events = await EventReader.open(`${server.url}/event`);
      model.push(reply().text('Once ', 'upon ').hang());
      void call(server, `/session/${id}/message`, say('Tell me')).catch(() => undefined);
      await events.next('message.part.delta');
      await kill(server);
    }
    await using server = await start();
    const { messages } = await all(server, id);
    expect(messages.map(({ info }: Body) => info.role)).toEqual(['user', 'assistant']);
    expect(messages[0].parts[0].text).toBe('Tell me');
    model.push(reply().text('The end.'));
    const next = await call(server, `/session/${id}/message`, say('Well?'));
    expect([next.status, next.body.info.finish]).toEqual([200, 'stop']);
  });
});
