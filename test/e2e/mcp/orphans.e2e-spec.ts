import { TemporaryProject } from '../../../src/testing.js';
import { alive } from '../../helpers/alive.js';
import { builtCommand } from '../../helpers/built-command.js';
import { everything, faulty } from '../../helpers/mcp-servers.js';
import { RunWorld } from '../../helpers/run-world.js';
import { SpawnedServer } from '../../helpers/spawn-server.js';
import { until } from '../../helpers/until.js';

/** As `npx` does it: a shell stays between us and the server. It notes its id, as faulty servers do. */
const wrapped = (command: string[]) => ({
  type: 'local',
  command: ['/bin/sh', '-c', 'echo start $$ >> server.log; "$@"; exit', 'sh', ...command],
});
/** A server that ignores all it can be told, with a child, and another one that has a session of its own. */
const worst = (...modes: string[]) => wrapped(faulty('stubborn', 'daemon', ...modes));
const WORST = 4;

/** One with a daemon whose parent is gone, so that nothing but a mark tells whose it is. It notes its id. */
const forsaken = () => {
  const daemon = `setsid sh -c 'echo start $$ >> server.log; exec sleep 600' < /dev/null > /dev/null 2>&1`;
  return { type: 'local', command: ['/bin/sh', '-c', `(${daemon} &); exec "$@"`, 'sh', ...faulty()] };
};

/** Ids of the processes that have been started in a project. */
async function noted(project: TemporaryProject): Promise<number[]> {
  const log = await project.read('server.log').catch(() => '');
  return [...log.matchAll(/^start (.*)$/gm)].flatMap(([, pids]) => pids!.split(' ').map(Number));
}

async function started(project: TemporaryProject, count: number): Promise<number[]> {
  await until(async () => (await noted(project)).length >= count, `${count} processes have started`);
  const pids = await noted(project);
  expect(pids).toHaveLength(count);
  return pids;
}

const gone = (pids: readonly number[]) =>
  until(async () => !(await Promise.all(pids.map(alive))).includes(true), `${pids.join(', ')} are gone`);

/** Milliseconds that making the command may take where everything is slow. */
const BUILD = 180_000;

describe('of MCP servers nothing is left', () => {
  beforeAll(async () => void (await builtCommand()), BUILD);

  it.each(['SIGTERM', 'SIGKILL'] as const)('when this server gets %s', async (signal) => {
    await using project = await TemporaryProject.create({
      config: {
        mcp: {
          every: wrapped(everything()),
          polite: { type: 'local', command: faulty('daemon') },
          // with SIGKILL the programs may be gone, and their daemons nobody's, before anybody can look
          ...(signal === 'SIGKILL' && { forsaken: forsaken() }),
          worst: worst(),
          // is never connected
          silent: worst('silent'),
        },
      },
    });
    await using server = await SpawnedServer.start([], { cwd: project.directory });
    const answer = fetch(`${server.url}/mcp`).catch(() => undefined);
    const pids = await started(project, 3 + (signal === 'SIGKILL' ? 2 : 0) + 2 * WORST);
    expect(await Promise.all(pids.map(alive))).not.toContain(false);
    await server.stop(signal);
    await gone(pids);
    await answer;
  });

  describe('while it runs', () => {
    let world: RunWorld;
    beforeAll(async () => {
      world = await RunWorld.start();
    });
    afterEach(() => world.settle());
    afterAll(() => world.close());

    const ENDS: [method: string, path: string, json?: object][] = [
      ['POST', '/mcp/one/disconnect'],
      ['POST', '/mcp', { name: 'one', config: { type: 'local', command: ['false'], enabled: false } }],
      ['POST', '/instance/dispose'],
      ['PATCH', '/config', { username: 'somebody' }],
    ];
    async function end([method, path, json]: (typeof ENDS)[number], ...modes: string[]) {
      const at = await world.place({ config: { mcp: { one: worst(...modes) } } });
      const states = at.get('/mcp');
      if (modes.length === 0) await states;
      const pids = await started(at.project, WORST);
      await world.server.request(path, { directory: at.directory, method, ...(json && { json }) });
      await gone(pids);
      return [path, (await states).body.one.status];
    }

    it('and they are ended one way or another', async () => {
      const ended = await Promise.all(ENDS.map((way) => end(way)));
      expect(ended).toEqual(ENDS.map(([, path]) => [path, 'connected']));
    });

    it('and one is replaced twice at once', async () => {
      const at = await world.place({ config: { mcp: { one: worst() } } });
      await at.get('/mcp');
      // the second comes while the first still waits for the end of the former
      const config = { type: 'local', command: faulty() };
      await Promise.all([at.post('/mcp', { name: 'one', config }), at.post('/mcp', { name: 'one', config })]);
      await started(at.project, WORST + 1);
      await at.post('/instance/dispose');
      await gone(await noted(at.project));
    });

    it('and they are ended before they are connected', async () => {
      // a change of the configuration waits for those who work with the old one
      const ways = ENDS.filter(([method]) => method !== 'PATCH');
      const ended = await Promise.all(ways.map((way) => end(way, 'silent')));
      expect(ended).toEqual(ways.map(([, path]) => [path, 'disabled']));
    });
  });
});
