import { setTimeout as delay } from 'node:timers/promises';
import { TemporaryProject } from '../../../src/testing.js';
import { everything, faulty } from '../../helpers/mcp-servers.js';
import { SpawnedServer } from '../../helpers/spawn-server.js';

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('MCP servers of a server that ends', () => {
  it.each(['SIGTERM', 'SIGKILL'] as const)('end with it: %s', async (signal) => {
    const hard = signal === 'SIGKILL';
    await using project = await TemporaryProject.create({
      config: {
        mcp: {
          every: { type: 'local', command: ['/bin/sh', '-c', 'echo $$ > pid; exec "$@"', 'sh', ...everything()] },
          // when we are killed, what ignores the end of its input cannot be helped
          faulty: { type: 'local', command: faulty(...(hard ? [] : ['stubborn'])) },
        },
      },
    });
    await using server = await SpawnedServer.start([], { cwd: project.directory });
    const states = await fetch(`${server.url}/mcp`);
    expect(await states.json()).toEqual({ every: { status: 'connected' }, faulty: { status: 'connected' } });
    const pids = [await project.read('pid'), ...(await project.read('server.log')).match(/^start .*$/m)![0].split(' ')]
      .map(Number)
      .filter((pid) => pid > 0);
    expect(pids).toHaveLength(hard ? 2 : 3);
    expect(pids.every(isAlive)).toBe(true);

    expect(await server.stop(signal)).toEqual(hard ? { code: null, signal } : { code: 0, signal: null });
    for (let tries = 0; tries < 200 && pids.some(isAlive); tries++) await delay(50);
    expect(pids.filter(isAlive)).toEqual([]);
  });
});
