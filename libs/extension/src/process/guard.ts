import type { ChildProcess } from 'node:child_process';
import type { Writable } from 'node:stream';

/** Descriptor by which the guard notices that the server is gone. */
const LIFELINE = 3;

// A line on the lifeline says that all is well; its end without one, that nobody is left to stop the command. The
// guard belongs to the group that it ends, but is no child of the command, which may wait for its own.
const SCRIPT = `
( ( trap '' HUP INT TERM
    read -r _ <&${LIFELINE} || { kill -TERM -$$; sleep 1; kill -KILL -$$; }
  ) </dev/null >/dev/null 2>&1 & )
exec "$@" ${LIFELINE}<&-`;

/** How a command is started so that it ends, with its group, when this process is gone without a word. */
export function guarded(command: string, args: readonly string[]): { command: string; args: string[] } {
  return { command: '/bin/sh', args: ['-c', SCRIPT, 'guard', command, ...args] };
}

/** Sends the guard home when the command has ended: what that left in the background may stay. */
export function dismissGuard(child: ChildProcess): void {
  const lifeline = child.stdio[LIFELINE] as Writable | null | undefined;
  // it may be gone already
  lifeline?.on('error', () => undefined);
  child.once('exit', () => lifeline?.end('\n', () => lifeline.destroy()));
}
