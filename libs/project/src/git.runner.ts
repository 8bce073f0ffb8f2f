import { Injectable } from '@nestjs/common';
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

  /** Not ok when git failed, took too long or is not installed. */
  async run(cwd: string, args: readonly string[], timeout = DEFAULT_TIMEOUT): Promise<GitResult> {
    try {
      const result = await this.processes.run({ command: 'git', args, cwd, env: this.env, timeout });
      return { ok: result.reason === 'exit' && result.exitCode === 0, text: result.stdout.trim() };
    } catch {
      // it cannot be started: no git, or the directory is gone
      return { ok: false, text: '' };
    }
  }
}
