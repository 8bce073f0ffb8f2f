import { Injectable } from '@nestjs/common';
import { errorText } from '#libs/contract';
import { Environment, ProcessRunner } from '#libs/extension';

/** Milliseconds; reading a reference or a path is a matter of a few. */
const DEFAULT_TIMEOUT = 10_000;

/** They would point git to another repository than the one of the directory. */
const MISLEADING = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_COMMON_DIR', 'GIT_INDEX_FILE', 'GIT_PREFIX', 'GIT_NAMESPACE'];

/** The outcome of one git command. */
export interface GitResult {
  readonly ok: boolean;
  /** Without surrounding white space. */
  readonly text: string;
  /** As it came, for output whose records are separated by NUL, or that is a file. */
  readonly output: string;
  /** What it complained about, without surrounding white space. */
  readonly error: string;
}

export interface GitOptions {
  /** Milliseconds; default 10 000. */
  timeout?: number;
  signal?: AbortSignal;
  /** Characters of output that are kept; what has more is not ok. */
  maxOutput?: number;
}

/** Runs git: never waits for a person, never takes longer than its time, never throws. */
@Injectable()
export class GitRunner {
  private readonly env: Record<string, string | undefined>;

  constructor(
    private readonly processes: ProcessRunner,
    environment: Environment,
  ) {
    this.env = { ...environment.variables, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
    for (const name of MISLEADING) delete this.env[name];
  }

  /** Not ok when git failed, took too long, was aborted, says too much or is not installed. */
  async run(cwd: string, args: readonly string[], options: GitOptions = {}): Promise<GitResult> {
    const { timeout = DEFAULT_TIMEOUT, signal, maxOutput } = options;
    try {
      const limit = maxOutput === undefined ? {} : { maxOutput: maxOutput + 1 };
      const request = { command: 'git', args, cwd, env: this.env, timeout, signal, ...limit };
      const { reason, exitCode, stdout, stderr } = await this.processes.run(request);
      const complete = maxOutput === undefined || stdout.length <= maxOutput;
      const ended = reason === 'exit' ? '' : reason === 'timeout' ? `took longer than ${timeout / 1000} s` : 'aborted';
      return {
        ok: reason === 'exit' && exitCode === 0 && complete,
        text: stdout.trim(),
        output: stdout,
        error: ended === '' ? stderr.trim() : `git ${args[0] ?? ''} ${ended}`,
      };
    } catch (error) {
      // it cannot be started: no git, or the directory is gone
      return { ok: false, text: '', output: '', error: errorText(error) };
    }
  }
}
