import type { Readable, Writable } from 'node:stream';
import { Port } from '../boot/port.js';

/** @publicApi */
export interface ProcessRequest {
  command: string;
  /** Each one argument: nothing passes through a shell. */
  args: readonly string[];
  /** Absolute path. */
  cwd: string;
  /** The whole environment of the child; absent = that of the server. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Text for its standard input, which is then closed. */
  input?: string;
  /** Milliseconds; past it the process and its descendants are ended. */
  timeout: number;
  signal?: AbortSignal;
  /**
   * Ends what the process left running in the background when it was over, such as `instance.signal`. Without it that
   * goes on until the application ends.
   */
  owner?: AbortSignal;
  /** Every piece of output as it comes. */
  onOutput?: (text: string, stream: 'stdout' | 'stderr') => void;
  /** Characters kept of each stream; the rest is dropped from the result (not from `onOutput`). Default 32 Mi. */
  maxOutput?: number;
}

/** @publicApi */
export interface ProcessResult {
  /** Null when a signal ended it. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
  /** Why it ended. */
  reason: 'exit' | 'timeout' | 'abort';
}

/** @publicApi */
export type ProcessStart = Pick<ProcessRequest, 'command' | 'args' | 'cwd' | 'env'> & {
  /** Every piece of its standard error as it comes. */
  onErrorOutput?: (text: string) => void;
};

/** A program that runs until it is stopped, spoken to over its standard streams. @publicApi */
export interface RunningProcess {
  readonly pid: number;
  /** Process id of whoever started it, for programs that watch their parent; null when it could not see that one. */
  readonly parentPid: number | null;
  readonly input: Writable;
  readonly output: Readable;
  /** Resolves when it has ended, by itself or not; never rejects. What it left behind in its group is ended too. */
  readonly ended: Promise<{ exitCode: number | null }>;
  /** The last 8,192 characters of its standard error. */
  errorOutput(): string;
  /**
   * Closes its input, waits `grace` milliseconds (default 200), then ends it with its descendants, daemons included. Resolves when it has
   * ended; may be called again.
   */
  stop(grace?: number): Promise<void>;
}

/**
 * Runs programs and owns them: a process that exceeds its time or is aborted is ended with its descendants.
 * Rejects only when the program cannot be started.
 * @publicApi
 */
export abstract class ProcessRunner extends Port {
  abstract run(request: ProcessRequest): Promise<ProcessResult>;
  /** Starts a program that its caller stops. */
  abstract start(request: ProcessStart): Promise<RunningProcess>;
}
