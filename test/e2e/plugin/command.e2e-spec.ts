import { mkdir, symlink } from 'node:fs/promises';
import { resolve } from 'node:path';
import { TemporaryProject } from '../../../src/testing.js';
import { SpawnedCommand } from '../../helpers/spawn-server.js';
import { until } from '../../helpers/until.js';

/** Without an ending, as other runtimes allow. */
const PARTS = './parts/greeting';
const PLUGIN = `
import { tool, type Plugin } from '@opencode-ai/plugin';
import { appendFileSync } from 'node:fs';
import { greeting } from '${PARTS}';

export const Careless: Plugin = async ({ client, directory }) => {
  const { data } = await client.config.get();
  const { stream } = await client.event.subscribe();
  for await (const { type } of stream) { appendFileSync(directory + '/event.txt', type); break; }
  setTimeout(() => { throw new Error('thrown by a timer'); }, 10);
  void Promise.reject(new Error('rejected for nobody'));
  setTimeout(() => appendFileSync(directory + '/later.txt', 'still here'), 100);
  return {
    tool: { greet: tool({ description: greeting(data!.username!), args: { name: tool.schema.string() }, execute: async () => 'hi' }) },
  };
};
`;

describe('the bundled command', () => {
  it('runs plugins, outlives what they leave behind, and runs them anew when they are edited', async () => {
    await using project = await TemporaryProject.create({
      config: { username: 'Ada' },
      files: {
        '.opencode/plugin/careless.ts': PLUGIN,
        '.opencode/plugin/parts/greeting.ts': 'export const greeting = (name: string): string => `Greets ${name}.`;',
      },
    });
    await mkdir(project.path('.opencode/node_modules/@opencode-ai'), { recursive: true });
    await symlink(
      resolve('node_modules/@opencode-ai/plugin'),
      project.path('.opencode/node_modules/@opencode-ai/plugin'),
    );
    await using command = await SpawnedCommand.start(['serve', '--port', '0', '--print-logs'], {
      variables: { OPENCODE_SERVER_PASSWORD: 'secret' },
    });
    const [, url] = await command.says(/listening on (\S+)/);
    const headers = {
      'x-opencode-directory': encodeURIComponent(project.directory),
      authorization: `Basic ${Buffer.from('opencode:secret').toString('base64')}`,
    };
    const tools = async () => {
      const answer = await fetch(`${url}/experimental/tool?provider=a&model=b`, { headers });
      return (await answer.json()) as { id: string; description: string; parameters: object }[];
    };
    expect((await tools()).find(({ id }) => id === 'greet')).toMatchObject({
      description: 'Greets Ada.',
      parameters: { properties: { name: { type: 'string' } }, required: ['name'] },
    });
    await until(async () => (await project.read('later.txt').catch(() => '')) !== '', 'the timers have run');
    expect(await tools()).toContainEqual(expect.objectContaining({ id: 'greet' }));
    for (const failure of ['thrown by a timer', 'rejected for nobody'])
      await until(() => command.stderr.includes(failure), `it is said: ${failure}`);
    expect(await project.read('event.txt')).toBe('server.connected');

    await project.write('.opencode/plugin/parts/greeting.ts', 'export const greeting = () => `Edited.`;');
    const edited = async () => (await tools()).some(({ description }) => description === 'Edited.');
    await until(edited, 'the edit takes effect');
  });
});
