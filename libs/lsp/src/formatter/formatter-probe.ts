import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment, ProcessRunner } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { findProgram } from '../program/find-program.js';
import { exists, foldersAbove } from '../program/folders.js';

/** Milliseconds a program has to tell what it can do. */
const HELP_LIMIT = 5000;

/** What can be found out about a project and its machine, to know which formatters are for it. */
export class FormatterProbe {
  /** From the instance directory up to its worktree. */
  private readonly folders: readonly string[];
  private readonly answers = new Map<string, Promise<string | undefined>>();

  constructor(
    private readonly instance: Instance,
    private readonly environment: Environment,
    private readonly processes: ProcessRunner,
  ) {
    this.folders = [...foldersAbove(instance.directory, instance.worktree)];
  }

  flag(...names: string[]): boolean {
    return this.environment.flag(...names);
  }

  /** Whether the project or the machine has a program. */
  async has(name: string): Promise<boolean> {
    return (await this.program(name)) !== undefined;
  }

  /** Absolute path of a program of the project, or of `PATH`. */
  program(name: string): Promise<string | undefined> {
    const path = name.includes('/') ? this.instance.resolve(name) : name;
    return findProgram(path, this.folders, this.environment);
  }

  /** Whether one of some files is in a folder above. */
  async above(...names: string[]): Promise<boolean> {
    for (const folder of this.folders) for (const name of names) if (await exists(join(folder, name))) return true;
    return false;
  }

  /** What a pattern finds in the nearest file of a name that has it. */
  async match(name: string, pattern: RegExp, from = this.instance.directory): Promise<RegExpExecArray | undefined> {
    for (const folder of foldersAbove(from, this.instance.worktree)) {
      const found = pattern.exec(await readFile(join(folder, name), 'utf8').catch(() => ''));
      if (found) return found;
    }
    return undefined;
  }

  /** Whether a JSON file above names a package among its dependencies. */
  async depends(file: 'package.json' | 'composer.json', name: string): Promise<boolean> {
    const [all, development] =
      file === 'package.json' ? ['dependencies', 'devDependencies'] : ['require', 'require-dev'];
    for (const folder of this.folders) {
      const text = await readFile(join(folder, file), 'utf8').catch(() => '{}');
      if ([all, development].some((list) => hasKey(text, list, name))) return true;
    }
    return false;
  }

  /** What a program prints and exits with 0; undefined when it fails or is not there. Each is asked once. */
  async says(name: string, ...args: string[]): Promise<string | undefined> {
    const program = await this.program(name);
    if (program === undefined) return undefined;
    // another version may say something else
    const key = JSON.stringify([program, (await stat(program)).mtimeMs, args]);
    const known = this.answers.get(key) ?? this.ask(program, args);
    this.answers.set(key, known);
    return known;
  }

  private async ask(command: string, args: string[]): Promise<string | undefined> {
    const { variables: env } = this.environment;
    const cwd = this.instance.directory;
    try {
      const { exitCode, stdout } = await this.processes.run({ command, args, cwd, env, timeout: HELP_LIMIT });
      return exitCode === 0 ? stdout : undefined;
    } catch {
      return undefined;
    }
  }
}

function hasKey(json: string, list: string | undefined, name: string): boolean {
  try {
    const parsed = JSON.parse(json) as Record<string, unknown>;
    const names = list === undefined ? undefined : parsed[list];
    return typeof names === 'object' && names !== null && Object.hasOwn(names, name);
  } catch {
    return false; // somebody is writing it
  }
}
