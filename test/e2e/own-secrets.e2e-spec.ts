import { readFile } from 'node:fs/promises';
import { TemporaryProject } from '../../src/testing.js';
import { SpawnedServer } from '../helpers/spawn-server.js';
import { until } from '../helpers/until.js';

/** A model that can read the password of the server can use it without any rule. */
describe('the name and password of the server', () => {
  it('reach no program that it starts, and no configuration', async () => {
    await using project = await TemporaryProject.create();
    const dump = (name: string) => ['/bin/sh', '-c', `env > ${project.path(name)}`];
    await project.write(
      'opencode.json',
      JSON.stringify({
        username: 'I am {env:OPENCODE_SERVER_PASSWORD}.',
        mcp: { spy: { type: 'local', command: dump('mcp.txt') } },
        formatter: { spy: { command: [...dump('formatter.txt'), '$FILE'], extensions: ['.spied'] } },
        lsp: { spy: { command: dump('lsp.txt'), extensions: ['.spied'] } },
        command: { spy: { template: '!`env > command.txt`' } },
      }),
    );
    const variables = { OPENCODE_SERVER_PASSWORD: 'sesame', OPENCODE_SERVER_USERNAME: 'ali-baba', SEEN: 'yes' };
    await using server = await SpawnedServer.start([], { cwd: project.directory, variables });
    const authorization = `Basic ${Buffer.from('ali-baba:sesame').toString('base64')}`;
    const ask = async (path: string, json?: object) =>
      (await server.request(path, { headers: { authorization }, json })).body;
    expect((await ask('/config')).username).toBe('I am .');
    const { id } = await ask('/session', {});
    const say = (text: string) => ask(`/session/${id}/message`, { parts: [{ type: 'text', text }] });
    await say('run `env > bash.txt`');
    await ask(`/session/${id}/command`, { command: 'spy', arguments: '' });
    await ask(`/session/${id}/shell`, { agent: 'build', command: 'env > shell.txt' });
    await say('write x to a.spied');
    await ask('/pty', { command: '/bin/sh', args: ['-c', 'env > pty.txt'], cwd: project.directory });

    const programs = ['bash', 'command', 'shell', 'mcp', 'pty', 'formatter', 'lsp'];
    const seen = (name: string) => readFile(project.path(`${name}.txt`), 'utf8').catch(() => '');
    for (const name of programs) {
      await until(async () => (await seen(name)).includes('SEEN=yes'), `${name} has run`);
      expect([name, /sesame|ali-baba/.exec(await seen(name))]).toEqual([name, null]);
    }
  });
});
