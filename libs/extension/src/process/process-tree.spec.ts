import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { processTable } from './process-table.js';
import { endProcessTree } from './process-tree.js';

const running = async (pid: number) => (await processTable()).some((entry) => entry.pid === pid);

/** Runs a script that prints ids of processes it started, one line of them. */
async function start(script: string): Promise<{ child: ChildProcess; pids: number[] }> {
  const child = spawn('/bin/bash', ['-c', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, pids: [child.pid!, ...line.toString().trim().split(' ').map(Number)] };
}

describe('endProcessTree', () => {
  it.each([
    ['children', 'sleep 60 & echo $!; wait'],
    ['those that do not listen', 'trap "" TERM; sleep 60 & echo $!; while true; do sleep 1; done'],
    ['those that are stopped', 'sleep 60 & kill -STOP $!; echo $!; wait'],
    ['children with a group of their own', 'set -m; sleep 60 & echo $!; wait'],
    ['children with a session of their own', 'setsid -w sleep 60 & sleep 0.1; echo $! $(pgrep -P $! || echo $!); wait'],
    ['grandchildren', '(sleep 60 & echo $$ $!; wait) & wait'],
  ])('ends %s', async (_what, script) => {
    const { child, pids } = await start(script);
    const exit = once(child, 'exit');
    await endProcessTree(child.pid!);
    await exit;
    for (const pid of pids) expect([pid, await running(pid)]).toEqual([pid, false]);
  });

  it('leaves others alone, and does nothing about what is gone', async () => {
    const [one, other] = [await start('sleep 60 & echo $!; wait'), await start('sleep 60 & echo $!; wait')];
    const exit = once(one.child, 'exit');
    await endProcessTree(one.child.pid!);
    await exit;
    await endProcessTree(one.child.pid!);
    expect(await running(other.child.pid!)).toBe(true);
    await endProcessTree(other.child.pid!);
  });
});
