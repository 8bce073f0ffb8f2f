import { readFile } from 'node:fs/promises';

/** Whether a process runs. One that is over and only waits to be noticed does not. */
export async function alive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => undefined);
  return stat === undefined ? process.platform !== 'linux' : !/\) [ZX] /.test(stat);
}
