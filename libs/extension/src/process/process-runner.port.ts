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

/**
 * Runs programs and owns them: a process that exceeds its time or is aborted is ended with its descendants.
 * Rejects only when the program cannot be started.
 * @publicApi
 */
export abstract class ProcessRunner {
  abstract run(request: ProcessRequest): Promise<ProcessResult>;
}
