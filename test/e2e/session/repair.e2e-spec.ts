import { MessageStore, SessionStore } from '#libs/extension';
import { ScriptedModel, reply, TemporaryProject, TestServer } from '../../../src/testing.js';
import { makeFolder, removeFolder } from '../../../src/testing/temporary-folder.js';

describe('a session whose server died', () => {
  it('reads as aborted after the restart, and goes on', async () => {
    const home = await makeFolder();
    await using model = await ScriptedModel.start();
    await using project = await TemporaryProject.create({ model });
    const { directory } = project;
    try {
      let id = '';
      {
        await using server = await TestServer.start({ home, storage: 'sqlite' });
        id = (await server.request('/session', { directory, json: {} })).body.id;
        await leaveUnfinished(server, id);
      }
      await using server = await TestServer.start({ home, storage: 'sqlite' });
      const events = await server.events({ directory });
      const { body } = await server.request(`/session/${id}/message`, { directory });
      const completed = expect.any(Number);
      expect(body[1].info).toMatchObject({ error: { name: 'MessageAbortedError' }, time: { created: 2, completed } });
      expect(body[1].parts).toMatchObject([
        { type: 'step-start' },
        { type: 'text', text: 'Half', time: { start: 3, end: completed } },
        {
          type: 'tool',
          state: {
            status: 'error',
            error: 'Tool execution aborted',
            input: { command: 'sleep 9' },
            metadata: { output: 'x' },
            time: { start: 4, end: completed },
          },
        },
      ]);
      expect((await server.request('/session/status', { directory })).body).toEqual({});
      expect(events.types('message')).toEqual([]);
      model.push(reply().text('On we go.'));
      const answer = await server.request(`/session/${id}/message`, {
        directory,
        json: { parts: [{ type: 'text', text: 'Go on' }] },
      });
      expect(answer.body.info.finish).toBe('stop');
    } finally {
      await removeFolder(home);
    }
  });
});

/** What a process leaves that was killed while a tool ran. */
async function leaveUnfinished(server: TestServer, sessionID: string): Promise<void> {
  const messages = server.app.get(MessageStore, { strict: false });
  expect(await server.app.get(SessionStore, { strict: false }).find(sessionID)).toBeDefined();
  const model = { providerID: 'scripted', modelID: 'test' };
  const user = { id: 'msg_a', sessionID, role: 'user' as const, time: { created: 1 }, agent: 'build', model };
  await messages.insert(user, [{ id: 'prt_a', sessionID, messageID: 'msg_a', type: 'text', text: 'Go' }]);
  const place = { sessionID, messageID: 'msg_b' };
  await messages.insert(
    {
      id: 'msg_b',
      sessionID,
      role: 'assistant',
      parentID: 'msg_a',
      time: { created: 2 },
      ...model,
      mode: 'build',
      agent: 'build',
      path: { cwd: '/', root: '/' },
      cost: 0,
      tokens: { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } },
    },
    [
      { ...place, id: 'prt_b', type: 'step-start' },
      { ...place, id: 'prt_c', type: 'text', text: 'Half', time: { start: 3 } },
      {
        ...place,
        id: 'prt_d',
        type: 'tool',
        tool: 'bash',
        callID: 'call',
        state: { status: 'running', input: { command: 'sleep 9' }, time: { start: 4 }, metadata: { output: 'x' } },
      },
    ],
  );
}
