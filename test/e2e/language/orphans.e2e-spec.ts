import { fileURLToPath } from 'node:url';
import { jest } from '@jest/globals';
import { reply, ScriptedModel, TemporaryProject } from '../../../src/testing.js';
import { alive } from '../../helpers/alive.js';
import { SpawnedServer } from '../../helpers/spawn-server.js';
import { until } from '../../helpers/until.js';

// a busy machine is slow, not broken
jest.setTimeout(60_000);

const FAKE = fileURLToPath(new URL('../../../libs/lsp/src/testing/fake-language-server.fixture.mjs', import.meta.url));
const server = (...modes: string[]) => ({ command: [process.execPath, FAKE, 'log', ...modes], extensions: ['.fake'] });

describe('of language servers nothing is left', () => {
  it.each(['SIGTERM', 'SIGTERM, SIGTERM', 'SIGKILL'])('when this server gets %s', async (signals) => {
    await using model = await ScriptedModel.start();
    const lsp = {
      polite: server(),
      deaf: server('deaf'),
      // is never initialized
      mute: server('deaf', 'mute'),
      daemon: server('deaf', 'daemon'),
    };
    await using project = await TemporaryProject.create({ model, files: { 'a.fake': 'BAD' }, config: { lsp } });
    await using spawned = await SpawnedServer.start([], { cwd: project.directory });
    const call = async (path: string, json: object) => {
      const headers = { 'content-type': 'application/json', 'x-opencode-directory': project.directory };
      const response = await fetch(spawned.url + path, { method: 'POST', headers, body: JSON.stringify(json) });
      return (await response.json()) as { id: string };
    };
    model.push(reply().tool('read', { filePath: project.path('a.fake') }), reply().text('Done.'));
    const { id } = await call('/session', {});
    await call(`/session/${id}/message`, { parts: [{ type: 'text', text: 'Go' }] });
    const started = async () => {
      const log = await project.read('log').catch(() => '');
      return [...log.matchAll(/^{"start":(\d+)/gm)].map(([, pid]) => Number(pid));
    };
    await until(async () => (await started()).length === 5, 'all of them have started');
    const pids = await started();
    expect(await Promise.all(pids.map(alive))).not.toContain(false);
    const left = async () => (await Promise.all(pids.map(alive))).filter((is) => is).length;
    for (const signal of signals.split(', ') as NodeJS.Signals[]) {
      spawned.command.process.kill(signal);
      // the daemon is the last: a second signal ends the server before it has ended that
      await until(async () => (await left()) <= 1, 'most of them are gone');
    }
    await until(async () => (await left()) === 0, `${pids.join(', ')} are gone`);
  });
});
