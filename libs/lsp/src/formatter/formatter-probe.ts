import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Environment, findOnPath, type ProcessRunner } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { findProgram } from '../program/find-program.js';
import { exists, foldersAbove } from '../program/folders.js';

/** Milliseconds a program has to tell what it can do. */
const HELP_LIMIT = 5000;

/** What can be found out about a project and its machine, to know which formatters are for it. */
export class FormatterProbe {
  /** From the instance directory up to its worktree. */
  private readonly folders: readonly string[];
  /** Programs are asked once. */
  private readonly helps = new Map<string, Promise<string | undefined>>();

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

  async inPath(program: string): Promise<boolean> {
    return (await findOnPath(program, this.environment.variables['PATH'])) !== undefined;
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

  /** Whether a file above holds something. */
  async aboveHolds(name: string, pattern: RegExp): Promise<boolean> {
    for (const folder of this.folders) {
      const text = await readFile(join(folder, name), 'utf8').catch(() => '');
      if (pattern.test(text)) return true;
    }
    return false;
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

  /** What a program prints and exits with 0; undefined when it fails or is not there. */
  says(command: string, ...args: string[]): Promise<string | undefined> {
    const key = JSON.stringify([command, args]);
    const known = this.helps.get(key) ?? this.ask(command, args);
    this.helps.set(key, known);
    return known;
  }

  private async ask(name: string, args: string[]): Promise<string | undefined> {
    const command = await findOnPath(name, this.environment.variables['PATH']);
    if (command === undefined) return undefined;
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
