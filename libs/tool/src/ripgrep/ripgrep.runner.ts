import { Injectable } from '@nestjs/common';
import { join } from 'node:path';
import { Environment, isExecutable, packageFilePath, ProcessRunner, type ToolContext } from '#libs/extension';
import { LineSplitter } from '../project-file/line-splitter.js';

const TIMEOUT = 60_000;
/** Longest line of its output that is looked at: a path and a long match. */
const MAX_LINE_LENGTH = 16 * 1024;

export interface RipgrepRequest {
  args: readonly string[];
  /** Absolute; globs start here. */
  directory: string;
  /** What ends a record. */
  separator: '\n' | '\0';
  /** Returns false to stop the search. */
  onRecord: (record: string) => boolean | void;
}

export interface RipgrepResult {
  /** 0: something found, 1: nothing, 2: something went wrong on the way; null when stopped. */
  exitCode: number | null;
  stderr: string;
}

/** Leaves out what git keeps for itself. Later globs win, so this one goes last. */
export const WITHOUT_GIT = '--glob=!**/.git';

/** Runs ripgrep, which comes with the package, independent of the user's settings for it. */
@Injectable()
export class RipgrepRunner {
  constructor(
    private readonly processes: ProcessRunner,
    private readonly environment: Environment,
  ) {}

  async search({ args, directory, separator, onRecord }: RipgrepRequest, context: ToolContext): Promise<RipgrepResult> {
    const stop = new AbortController();
    const splitter = new LineSplitter((record) => record === '' || onRecord(record), MAX_LINE_LENGTH, separator);
    const result = await this.processes.run({
      command: await this.program(),
      args: ['--no-config', '--color=never', ...args],
      cwd: directory,
      timeout: TIMEOUT,
      signal: AbortSignal.any([context.signal, stop.signal]),
      onOutput: (text, stream) => {
        if (stream === 'stdout' && !splitter.write(text)) stop.abort();
      },
      maxOutput: MAX_LINE_LENGTH,
    });
    context.signal.throwIfAborted();
    if (result.reason === 'timeout')
      throw new Error(`The search took longer than ${TIMEOUT / 1000} s. Give a more specific path or pattern.`);
    if (result.reason === 'exit') splitter.end();
    return { exitCode: result.exitCode, stderr: result.stderr };
  }

  /** On first use: the package throws where it has no program for the platform. */
  private async program(): Promise<string> {
    return isExecutable()
      ? packageFilePath('rg', join(this.environment.paths.cache, 'bin'))
      : (await import('@vscode/ripgrep')).rgPath;
  }
}
