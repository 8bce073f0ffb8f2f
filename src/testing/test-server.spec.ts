import { readdir } from 'node:fs/promises';
import { reply, ScriptedModel, TemporaryProject, TestServer } from '../testing.js';

describe('TestServer', () => {
  it('runs a prompt against a scripted model and reads the events', async () => {
    await using model = await ScriptedModel.start();
    await using project = await TemporaryProject.create({ model, files: { 'a.txt': 'hello' } });
    await using server = await TestServer.start();
    const { directory } = project;
    model.push(reply().tool('read', { filePath: project.path('a.txt') }), reply().text('It says ', 'hello.'));
    const events = await server.events({ directory });

    const { body: session } = await server.request('/session', { directory, json: {} });
    const answer = await server.request(`/session/${session.id}/message`, {
      directory,
      json: { parts: [{ type: 'text', text: 'What does a.txt say?' }] },
    });

    expect(answer.status).toBe(200);
    expect(answer.body.parts).toEqual(
      expect.arrayContaining([expect.objectContaining({ type: 'text', text: 'It says hello.' })]),
    );
    await events.until('session.idle');
    expect(events.types('session.')).toContain('session.created');
    expect(model.requests.map(({ tools }) => tools.includes('read'))).toEqual([true, true]);
    expect(model.pending).toBe(0);
    expect(server.logs.filter((line) => /^(ERROR|FATAL)/.test(line))).toEqual([]);
  });

  it('leaves nothing behind', async () => {
    const server = await TestServer.start({ globalConfig: { username: 'ada' } });
    try {
      expect((await server.request('/config')).body).toMatchObject({ username: 'ada' });
    } finally {
      await server.close();
    }
    await expect(readdir(server.home)).rejects.toThrow('ENOENT');
    await expect(server.fetch('/global/health')).rejects.toThrow();
  });
});
