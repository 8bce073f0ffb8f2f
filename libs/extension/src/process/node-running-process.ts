import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { inTime } from '../clock/in-time.js';
import { guardAgainstOrphans, MARK } from './orphan-guard.js';
import { KILL_GRACE, signalGroup } from './process-group.js';
import { ProcessTree } from './process-tree.js';
import type { ProcessStart, RunningProcess } from './process-runner.port.js';

/** Characters of the standard error that are kept. */
const ERROR_OUTPUT = 8192;

/** A child process of this machine that leads its own group. */
export class NodeRunningProcess implements RunningProcess {
  readonly pid: number;
  readonly parentPid = process.pid;
  readonly input: Writable;
  readonly output: Readable;
  readonly ended: Promise<{ exitCode: number | null }>;
  private errors = '';
  private stopping: Promise<void> | undefined;

  private constructor(
    private readonly child: ChildProcessWithoutNullStreams,
    pid: number,
    { mark, onErrorOutput }: { mark: string } & Pick<ProcessStart, 'onErrorOutput'>,
  ) {
    this.pid = pid;
    this.input = child.stdin;
    this.output = child.stdout;
    // what ends early closes its pipes; that it ended is told by `ended`
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', () => undefined);
    child.on('error', () => undefined);
    const decoder = new StringDecoder('utf8');
    child.stderr.on('data', (chunk: Buffer) => {
      const text = decoder.write(chunk);
      this.errors = (this.errors + text).slice(-ERROR_OUTPUT);
      onErrorOutput?.(text);
    });
    const forget = guardAgainstOrphans(pid, mark);
    this.ended = new Promise((resolve) => {
      child.once('exit', (exitCode) => {
        // the number of the group may be another's later: now is the time to end the rest of it
        signalGroup(child, 'SIGKILL');
        // the server may be gone before its daemons are
        void Promise.resolve(this.stopping).then(forget, forget);
        // a daemon may hold them for ever: that is no reason for this process to stay
        for (const stream of [child.stdout, child.stderr]) (stream as Socket).unref();
        resolve({ exitCode });
      });
    });
  }

  static async start({ command, args, cwd, env, onErrorOutput }: ProcessStart): Promise<RunningProcess> {
    const mark = randomUUID();
    const child = spawn(command, [...args], {
      cwd,
      env: env && { ...env, [MARK]: mark },
      stdio: 'pipe',
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    const { pid } = child;
    if (pid === undefined) {
      const [error] = (await once(child, 'error')) as [Error];
      throw error;
    }
    return new NodeRunningProcess(child, pid, { mark, onErrorOutput });
  }

  errorOutput(): string {
    return this.errors;
  }

  stop(grace = KILL_GRACE): Promise<void> {
    return (this.stopping ??= this.end(grace));
  }

  private async end(grace: number): Promise<void> {
    const { exitCode, signalCode } = this.child;
    // its id may be another's by now
    if (exitCode !== null || signalCode !== null) return;
    // a daemon leaves the group and the session, and once its parent is gone nothing tells any more where it came from
    const tree = process.platform === 'win32' ? undefined : new ProcessTree(this.pid);
    await tree?.look();
    await this.endGroup(grace, tree);
    await tree?.end();
  }

  private async endGroup(grace: number, tree: ProcessTree | undefined): Promise<void> {
    this.child.stdin.end();
    // nobody reads on; a full pipe must not keep it from ending
    this.child.stdout.resume();
    if (await this.endsWithin(grace)) return;
    // held still while it is looked at, so that it starts nothing unseen
    if (tree) signalGroup(this.child, 'SIGSTOP');
    await tree?.look();
    signalGroup(this.child, 'SIGTERM');
    if (tree) signalGroup(this.child, 'SIGCONT');
    if (await this.endsWithin(KILL_GRACE)) return;
    signalGroup(this.child, 'SIGKILL');
    await this.ended;
  }

  private endsWithin(milliseconds: number): Promise<boolean> {
    return inTime(this.ended, { milliseconds }).then(
      () => true,
      () => false,
    );
  }
}
