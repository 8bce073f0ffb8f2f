import { NodeProcessRunner } from './node-process-runner.adapter.js';
import type { ProcessRequest } from './process-runner.port.js';

const runner = new NodeProcessRunner();
const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Whoever inherited a process may take a moment to take note of its end. */
async function gone(pid: number): Promise<boolean> {
  for (let i = 0; i < 400 && alive(pid); i++) await new Promise((resolve) => setTimeout(resolve, 50));
  return !alive(pid);
}

describe('NodeProcessRunner', () => {
  const sh = (script: string, more: Partial<ProcessRequest> = {}) =>
    runner.run({ command: '/bin/sh', args: ['-c', script], cwd: '/', timeout: 20_000, ...more });

  it('gives both streams and the exit code', async () => {
    expect(await sh('echo out; echo err >&2; exit 3')).toEqual({
      exitCode: 3,
      stdout: 'out\n',
      stderr: 'err\n',
      reason: 'exit',
    });
  });

  it('hands over input and tells output as it comes', async () => {
    const seen: string[] = [];
    const { stdout } = await sh('cat', { input: 'héllo', onOutput: (text, stream) => seen.push(`${stream}:${text}`) });
    expect(stdout).toBe('héllo');
    expect(seen).toEqual(['stdout:héllo']);
  });

  it('passes arguments without a shell', async () => {
    const args = ['-c', 'printf %s "$1"', 'sh', '$(id); "x'];
    expect((await runner.run({ command: '/bin/sh', args, cwd: '/', timeout: 20_000 })).stdout).toBe('$(id); "x');
  });

  it('sets no limit when it is told to', async () => {
    expect(await sh('sleep 0.2; echo done', { timeout: Infinity })).toMatchObject({ reason: 'exit', stdout: 'done\n' });
  });

  it.each(['timeout', 'abort'] as const)('ends the whole tree on %s', async (reason) => {
    const controller = new AbortController();
    let child = 0;
    // a short time may be over before the shell has said anything
    for (let timeout = 150; child === 0; timeout *= 2) {
      const result = await sh('sleep 60 & echo $!; trap "" TERM; wait; sleep 60', {
        ...(reason === 'timeout' ? { timeout } : { signal: controller.signal }),
        onOutput: (text) => {
          child = Number(text);
          if (reason === 'abort') controller.abort();
        },
      });
      expect(result).toMatchObject({ reason, exitCode: null });
    }
    expect(await gone(child)).toBe(true);
  });

  it('does not wait for what a command left in the background', async () => {
    const result = await sh('sleep 60 & echo $!');
    expect(result).toMatchObject({ reason: 'exit', exitCode: 0 });
    const background = Number(result.stdout);
    expect(alive(background)).toBe(true);
    process.kill(background, 'SIGKILL');
  });

  it('ends what is in the background with its owner, and all of it in the end', async () => {
    const owner = new AbortController();
    const owned = Number((await sh('sleep 60 & echo $!', { owner: owner.signal })).stdout);
    const other = Number((await sh('sleep 60 & echo $!')).stdout);
    owner.abort();
    expect([await gone(owned), alive(other)]).toEqual([true, true]);
    await runner.onModuleDestroy();
    expect(await gone(other)).toBe(true);
  });

  it('reads all that was written before the exit', async () => {
    expect((await sh('head -c 5000000 /dev/zero | tr "\\0" x')).stdout).toHaveLength(5_000_000);
  });

  it('keeps no more than asked for', async () => {
    expect((await sh('head -c 100000 /dev/zero | tr "\\0" x', { maxOutput: 10 })).stdout).toBe('xxxxxxxxxx');
  });

  it('starts nothing when aborted before, and rejects when it cannot start', async () => {
    expect(await sh('echo no', { signal: AbortSignal.abort() })).toMatchObject({ reason: 'abort', stdout: '' });
    const missing = runner.run({ command: '/nonexistent', args: [], cwd: '/', timeout: 1000 });
    await expect(missing).rejects.toThrow('ENOENT');
  });
});

describe('a running process', () => {
  const start = (script: string) => runner.start({ command: '/bin/sh', args: ['-c', script], cwd: '/' });
  const firstLine = async (output: AsyncIterable<Buffer>) => {
    for await (const chunk of output) return chunk.toString();
    throw new Error('it said nothing');
  };

  it('is spoken to, and keeps the end of its errors', async () => {
    const cat = await start('echo oops >&2; cat');
    cat.input.write('hello');
    expect(await firstLine(cat.output)).toBe('hello');
    await cat.stop();
    expect(cat.errorOutput()).toBe('oops\n');
    expect(await cat.ended).toEqual({ exitCode: 0 });
  });

  it('may end by itself when its input closes', async () => {
    const polite = await start('cat; exit 7');
    await polite.stop(20_000);
    expect(await polite.ended).toEqual({ exitCode: 7 });
  });

  it('is ended with its descendants, however deaf', async () => {
    const deaf = await start('sleep 60 & echo $!; trap "" TERM; while true; do wait; sleep 60; done');
    const child = Number(await firstLine(deaf.output));
    await Promise.all([deaf.stop(10), deaf.stop(10)]);
    expect(await deaf.ended).toEqual({ exitCode: null });
    expect(await gone(child)).toBe(true);
  });

  it('is ended with its daemons', async () => {
    const parent = await start("setsid sh -c 'echo $$; sleep 60 & wait' & wait");
    const daemon = Number(await firstLine(parent.output));
    await parent.stop(0);
    expect(await gone(daemon)).toBe(true);
  });

  it('takes what it left behind with it when it dies', async () => {
    const dying = await start('sleep 60 & echo $!; sleep 0.1; exit 1');
    const child = Number(await firstLine(dying.output));
    expect(await dying.ended).toEqual({ exitCode: 1 });
    expect(await gone(child)).toBe(true);
    await dying.stop();
  });

  it('rejects when it cannot start', async () => {
    await expect(runner.start({ command: '/nonexistent', args: [], cwd: '/' })).rejects.toThrow('ENOENT');
  });
});
