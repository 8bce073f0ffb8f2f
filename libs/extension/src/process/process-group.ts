import type { ChildProcess } from 'node:child_process';

/** Time between the polite and the hard end of a process group, in milliseconds. */
export const KILL_GRACE = 200;

/** Signals a process that leads a group of its own, and all that is in it. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // ESRCH: it is gone already
  }
}
