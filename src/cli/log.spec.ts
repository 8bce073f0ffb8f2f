import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KnownSecrets, SystemEnvironment } from '#libs/extension';
import { parseArguments } from './arguments.js';
import { openLog } from './log.js';

it('keeps the newest log files, and that of every server that runs', async () => {
  const home = await mkdtemp(join(tmpdir(), 'log-'));
  const environment = new SystemEnvironment({ HOME: home }, home);
  const folder = join(environment.paths.data, 'log');
  await mkdir(folder, { recursive: true });
  // no process has such a number
  const file = (day: number, pid = 2 ** 30) => `2020-01-${String(day).padStart(2, '0')}T000000-${pid}.log`;
  const old = Array.from({ length: 12 }, (_, day) => file(day + 10));
  const mine = file(1, process.pid);
  for (const name of [...old, mine]) await writeFile(join(folder, name), '');
  const log = openLog(environment, parseArguments([], {}), new KnownSecrets());
  await log.close();
  const left = await readdir(folder);
  expect(left).toHaveLength(11);
  expect(left).toEqual(expect.arrayContaining([mine, ...old.slice(-9)]));
  await rm(home, { recursive: true });
});
