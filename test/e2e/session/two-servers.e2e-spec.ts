import { EventReader, Gate, reply, ScriptedModel, TemporaryProject } from '../../../src/testing.js';
import { makeFolder, removeFolder } from '../../../src/testing/temporary-folder.js';
import { say } from '../../helpers/project-client.js';
import { SpawnedServer } from '../../helpers/spawn-server.js';

describe('two servers over the same data', () => {
  let model: ScriptedModel;
  let project: TemporaryProject;
  let home: string;
  beforeEach(async () => {
    model = await ScriptedModel.start();
    project = await TemporaryProject.create({ model });
    home = await makeFolder();
  });
  afterEach(async () => {
    await model.close();
    await project.remove();
    await removeFolder(home);
  });
  const start = () => SpawnedServer.start([], { home, cwd: project.directory });
  const call = (server: SpawnedServer, path: string, json?: unknown) => server.request(path, { json });

  it('leave the work of the other alone while it lives, and end it when it was killed', async () => {
    await using one = await start();
    await using other = await start();
    const id = (await call(one, '/session', { title: 'shared' })).body.id;
    const history = async (server: SpawnedServer) => (await call(server, `/session/${id}/message`)).body;
    using events = await EventReader.open(`${one.url}/event`);

    // a run that ends in peace
    const gate = new Gate();
    model.push(reply().text('Half').wait(gate).text(' and whole.'));
    const answer = call(one, `/session/${id}/message`, say('Go'));
    await events.next('message.part.delta');
    const seen = await history(other);
    expect(seen[1].info).not.toHaveProperty('error');
    expect(seen[1].info.time).not.toHaveProperty('completed');
    for (const [path, body] of [
      ['message', say('Me too')],
      ['message', { ...say('A note'), noReply: true }],
      ['revert', { messageID: seen[0].info.id }],
      ['shell', { agent: 'build', command: 'true' }],
    ] as const) {
      const refused = await call(other, `/session/${id}/${path}`, body);
      expect([path, refused.status, refused.body.data.message]).toEqual([
        path,
        409,
        expect.stringContaining('Another server'),
      ]);
    }
    expect((await call(other, '/session/status')).body).toEqual({ [id]: { type: 'busy' } });
    gate.open();
    expect((await answer).body.info.finish).toBe('stop');
    expect((await call(other, '/session/status')).body).toEqual({});
    expect(await history(other)).toEqual(await history(one));
    expect(await history(other)).toHaveLength(2);

    // either may go on
    model.push(reply().text('From the other.'));
    expect((await call(other, `/session/${id}/message`, say('And you?'))).body.info.finish).toBe('stop');

    // a run that the other ends: an abort there, and a deletion
    const aborted = { name: 'MessageAbortedError', data: { message: 'The operation was aborted.' } };
    for (const [method, path, session] of [
      ['POST', '/abort', id],
      ['DELETE', '', (await call(one, '/session', {})).body.id],
    ] as const) {
      model.push(reply().tool('bash', { command: `echo ${method}; sleep 60`, description: 'x' }));
      const ended = call(one, `/session/${session}/message`, say('Wait'));
      await events.next((event) => JSON.stringify(event).includes(`"output":"${method}`));
      expect(await other.request(`/session/${session}${path}`, { method })).toMatchObject({ status: 200, body: true });
      expect((await ended).body.info.error).toEqual(aborted);
      expect((await call(other, '/session/status')).body).toEqual({});
    }
    expect((await call(one, '/session')).body).toHaveLength(1);
    expect((await history(other)).at(-1).info.error).toEqual(aborted);

    // a run that is cut off
    model.push(reply().tool('bash', { command: 'echo on; sleep 60', description: 'x' }));
    void call(one, `/session/${id}/message`, say('Again')).catch(() => undefined);
    await events.next((event) => JSON.stringify(event).includes('"output":"on'));
    const running = (await history(other)).at(-1);
    expect(running.parts.at(-1).state.status).toBe('running');
    await one.stop('SIGKILL');
    const ended = (await history(other)).at(-1);
    expect(ended.info.error.name).toBe('MessageAbortedError');
    expect(ended.parts.at(-1).state).toMatchObject({ status: 'error', error: 'Tool execution aborted' });
    expect(ended.parts.map(({ id }: { id: string }) => id)).toEqual(running.parts.map(({ id }: { id: string }) => id));
    model.push(reply().text('Alone.'));
    expect((await call(other, `/session/${id}/message`, say('Still there?'))).body.info.finish).toBe('stop');
  });
});
