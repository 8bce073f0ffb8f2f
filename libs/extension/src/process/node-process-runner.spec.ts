import { NodeProcessRunner } from './node-process-runner.adapter.js';
import type { ProcessRequest } from './process-runner.port.js';

const runner = new NodeProcessRunner();
const sh = (script: string, more: Partial<ProcessRequest> = {}) =>
  runner.run({ command: '/bin/sh', args: ['-c', script], cwd: '/', timeout: 20_000, ...more });
const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('NodeProcessRunner', () => {
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

  it.each(['timeout', 'abort'] as const)('ends the whole tree on %s', async (reason) => {
    const controller = new AbortController();
    let child = 0;
    const result = await sh('sleep 60 & echo $!; trap "" TERM; wait; sleep 60', {
      ...(reason === 'timeout' ? { timeout: 150 } : { signal: controller.signal }),
      onOutput: (text) => {
        child = Number(text);
        if (reason === 'abort') controller.abort();
      },
    });
    expect(result).toMatchObject({ reason, exitCode: null });
    expect(child).toBeGreaterThan(0);
    // whoever inherited it may take a moment to take note of its end
    for (let i = 0; i < 100 && alive(child); i++) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(alive(child)).toBe(false);
  });

  it('does not wait for what a command left in the background', async () => {
    const result = await sh('sleep 60 & echo $!');
    expect(result).toMatchObject({ reason: 'exit', exitCode: 0 });
    const background = Number(result.stdout);
    expect(alive(background)).toBe(true);
    process.kill(background, 'SIGKILL');
  });

  it('reads all that was written before the exit', async () => {
    expect((await sh('head -c 5000000 /dev/zero | tr "\\0" x')).stdout).toHaveLength(5_000_000);
  });

  it('keeps no more than asked for', async () => {
    expect((await sh('head -c 100000 /dev/zero | tr "\\0" x', { maxOutput: 10 })).stdout).toBe('xxxxxxxxxx');
  });

  it('starts nothing when aborted before, and rejects when it cannot start', async () => {
    expect(await sh('echo no', { signal: AbortSignal.abort() })).toMatchObject({ reason: 'abort', stdout: '' });
    await expect(runner.run({ command: '/nonexistent', args: [], cwd: '/', timeout: 1000 })).rejects.toThrow('ENOENT');
  });
});
