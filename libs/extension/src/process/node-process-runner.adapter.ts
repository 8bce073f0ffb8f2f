import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import { LONGEST_TIMER } from '../clock/longest-timer.js';
import { BackgroundProcesses } from './background-processes.js';
import { guardAgainstOrphans } from './orphan-guard.js';
import { NodeRunningProcess } from './node-running-process.js';
import { KILL_GRACE, signalGroup } from './process-group.js';
import {
  type ProcessRequest,
  type ProcessResult,
  ProcessRunner,
  type ProcessStart,
  type RunningProcess,
} from './process-runner.port.js';

/**
 * Milliseconds without output after which a process that has exited is over, although something it left in the
 * background (`server &`) holds its pipes.
 */
const DRAIN = 100;
const MAX_OUTPUT = 32 * 1024 * 1024;

/**
 * The default {@link ProcessRunner}: child processes of this machine, each the leader of its own group. None of them
 * outlives the application, however that ends.
 * @publicApi
 */
@Injectable()
export class NodeProcessRunner extends ProcessRunner implements OnModuleDestroy {
  private readonly background = new BackgroundProcesses();

  async onModuleDestroy(): Promise<void> {
    await this.background.endAll();
  }

  start(request: ProcessStart): Promise<RunningProcess> {
    return NodeRunningProcess.start(request);
  }

  async run(request: ProcessRequest): Promise<ProcessResult> {
    if (request.signal?.aborted) return { exitCode: null, stdout: '', stderr: '', reason: 'abort' };
    const child = spawn(request.command, [...request.args], {
      cwd: request.cwd,
      env: request.env,
      stdio: [request.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      // a group of its own, so that descendants can be ended with it
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    const stdout = collect(child, 'stdout', request);
    const stderr = collect(child, 'stderr', request);
    const { pid } = child;
    const forget = pid === undefined ? () => undefined : guardAgainstOrphans(pid);
    child.stdin?.on('error', () => undefined); // a child that ends early closes its input
    child.stdin?.end(request.input);

    let reason: ProcessResult['reason'] = 'exit';
    const { promise: closed, resolve, reject } = Promise.withResolvers<number | null>();
    let hard: NodeJS.Timeout | undefined;
    const end = (why: ProcessResult['reason']) => {
      if (reason !== 'exit') return;
      reason = why;
      signalGroup(child, 'SIGTERM');
      hard = setTimeout(() => {
        signalGroup(child, 'SIGKILL');
        // a descendant that left the group may hold the pipes open: do not wait for it
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, KILL_GRACE);
    };
    const onAbort = () => end('abort');
    const timer = setTimeout(() => end('timeout'), Math.min(request.timeout, LONGEST_TIMER));
    request.signal?.addEventListener('abort', onAbort, { once: true });
    child.once('error', reject);
    child.once('close', (code) => resolve(code));
    child.once('exit', (code) => afterSilence(child, () => resolve(code)));
    try {
      const exitCode = await closed;
      return { exitCode, stdout: stdout(), stderr: stderr(), reason };
    } finally {
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', onAbort);
      // the group may outlive its leader
      if (hard) {
        clearTimeout(hard);
        signalGroup(child, 'SIGKILL');
      }
      if (pid === undefined) forget();
      else this.background.keep(pid, request.owner, forget);
    }
  }
}

function collect(child: ChildProcess, name: 'stdout' | 'stderr', request: ProcessRequest): () => string {
  const decoder = new StringDecoder('utf8');
  const limit = request.maxOutput ?? MAX_OUTPUT;
  const pieces: string[] = [];
  let length = 0;
  const take = (text: string) => {
    if (text === '') return;
    request.onOutput?.(text, name);
    if (length >= limit) return;
    pieces.push(text.slice(0, limit - length));
    length += text.length;
  };
  child[name]?.on('data', (chunk: Buffer) => take(decoder.write(chunk)));
  child[name]?.on('end', () => take(decoder.end()));
  child[name]?.on('error', () => undefined);
  return () => pieces.join('');
}

/** Calls back when an exited process has been silent for a moment; what still writes may go on, unread. */
function afterSilence(child: ChildProcess, done: () => void): void {
  const pipes = [child.stdout, child.stderr].filter((pipe) => pipe !== null);
  const timer = setTimeout(() => {
    for (const pipe of pipes) {
      pipe.removeAllListeners('data').resume();
      if ('unref' in pipe) (pipe as Socket).unref();
    }
    done();
  }, DRAIN);
  for (const pipe of pipes) pipe.on('data', () => timer.refresh());
  child.once('close', () => clearTimeout(timer));
}
