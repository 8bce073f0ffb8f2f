import { Injectable } from '@nestjs/common';
import { devNull } from 'node:os';
import { Environment, ProcessRunner } from '#libs/extension';
import { SnapshotError } from './snapshot.error.js';

/** Characters; more than the paths of half a million files. */
const MAX_OUTPUT = 48 * 1024 * 1024;

/** What git says when another process holds the index, or a ref. */
const LOCKED = /Unable to create '(.*?\.lock)': File exists/s;

/** What the settings of the person or the machine must not change. */
const SETTINGS = [
  'core.autocrlf=false',
  'core.safecrlf=false',
  'core.quotePath=true',
  'core.fsmonitor=false',
  `core.hooksPath=${devNull}`,
  'core.bigFileThreshold=16m',
  'gc.auto=0',
  'gc.cruftPacks=false',
  'pack.threads=1',
  'repack.writeBitmaps=false',
].flatMap((setting) => ['-c', setting]);

/** How one git command is run. */
export interface SnapshotCommand {
  readonly cwd: string;
  readonly args: readonly string[];
  readonly input?: string;
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  /** The private repository; without it the command reads the repository of the person. */
  readonly repository?: { readonly gitDirectory: string; readonly worktree?: string; readonly index?: string };
  /** Output beyond so many characters is cut off; without it too much output is a failure. */
  readonly cut?: number;
}

/** Runs git for snapshots: no setting or variable from outside reaches the private repository. */
@Injectable()
export class SnapshotGit {
  private readonly variables: Readonly<Record<string, string | undefined>>;

  constructor(
    private readonly processes: ProcessRunner,
    environment: Environment,
  ) {
    const inherited = Object.entries(environment.variables).filter(([name]) => !/^GIT_/i.test(name));
    this.variables = {
      ...Object.fromEntries(inherited),
      LC_ALL: 'C',
      GIT_OPTIONAL_LOCKS: '0',
      GIT_TERMINAL_PROMPT: '0',
      GIT_LITERAL_PATHSPECS: '1',
      GIT_NO_REPLACE_OBJECTS: '1',
    };
  }

  /** Standard output as it came. Rejects with a {@link SnapshotError}, `busy` when another process holds a lock. */
  async run(command: SnapshotCommand): Promise<string> {
    const { cwd, args, input, timeout, signal, cut } = command;
    const result = await this.processes
      .run({
        command: 'git',
        args: [...SETTINGS, ...args],
        cwd,
        env: this.environmentOf(command),
        timeout: Math.max(1, timeout),
        signal,
        maxOutput: cut ?? MAX_OUTPUT,
        ...(input !== undefined && { input }),
      })
      .catch((error: unknown) => {
        throw new SnapshotError('failed', `git cannot be started in ${cwd}: ${String(error)}`);
      });
    const what = `git ${args.find((argument) => /^[a-z][a-z-]+$/.test(argument)) ?? ''} in ${cwd}`;
    if (result.reason === 'timeout') throw new SnapshotError('timeout', `${what} took too long`);
    if (result.reason === 'abort') throw new SnapshotError('ended', `${what} was ended with its instance`);
    if (result.exitCode !== 0) {
      // `update-index -q` is quiet about this, and nothing else
      const quiet = result.exitCode === 128 && result.stderr === '' && command.repository?.index;
      const lock = quiet ? `${quiet}.lock` : LOCKED.exec(result.stderr)?.[1];
      if (lock !== undefined) throw new SnapshotError('busy', `${what} found ${lock} held by another process`, lock);
      throw new SnapshotError('failed', `${what} failed: ${result.stderr.trim().slice(0, 500)}`);
    }
    if (cut === undefined && result.stdout.length >= MAX_OUTPUT)
      throw new SnapshotError('failed', `${what} found too many files`);
    return result.stdout;
  }

  private environmentOf({ repository }: SnapshotCommand): Record<string, string | undefined> {
    if (!repository) return { ...this.variables };
    return {
      ...this.variables,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: devNull,
      GIT_DEFAULT_REF_FORMAT: 'files',
      GIT_DIR: repository.gitDirectory,
      ...(repository.worktree !== undefined && { GIT_WORK_TREE: repository.worktree }),
      ...(repository.index !== undefined && { GIT_INDEX_FILE: repository.index }),
    };
  }
}
