import { Injectable } from '@nestjs/common';
import { join } from 'node:path';
import { Environment, isExecutable, packageFilePath, ProcessRunner } from '#libs/extension';
import { LineSplitter } from './line-splitter.js';
import { SearchTimeoutError } from './search-timeout.error.js';

/** Milliseconds. */
const TIMEOUT = 60_000;
/** Longest record that is looked at: a path and a long match. */
const MAX_RECORD = 16 * 1024;
/** Characters of its complaints that are kept. */
const MAX_MESSAGES = 16 * 1024;

export interface RipgrepRequest {
  args: readonly string[];
  /** Absolute; globs start here. */
  directory: string;
  /** What ends a record. */
  separator: '\n' | '\0';
  /** Returns false to stop the search. */
  onRecord: (record: string) => boolean | void;
  /** Milliseconds; default 60 000. */
  timeout?: number;
  /** Characters kept of a record; default 16 Ki. */
  maxRecord?: number;
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

  /** Rejects with the reason of the signal, or with a {@link SearchTimeoutError}. */
  async search(request: RipgrepRequest, signal: AbortSignal): Promise<RipgrepResult> {
    const { args, directory, separator, onRecord, timeout = TIMEOUT, maxRecord = MAX_RECORD } = request;
    const stop = new AbortController();
    const splitter = new LineSplitter((record) => record === '' || onRecord(record), maxRecord, separator);
    const result = await this.processes.run({
      command: await this.program(),
      args: ['--no-config', '--color=never', ...args],
      cwd: directory,
      env: this.environment.variables,
      timeout,
      signal: AbortSignal.any([signal, stop.signal]),
      onOutput: (text, stream) => {
        if (stream === 'stdout' && !splitter.write(text)) stop.abort();
      },
      maxOutput: MAX_MESSAGES,
    });
    signal.throwIfAborted();
    if (result.reason === 'timeout') throw new SearchTimeoutError(timeout);
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
