import { Injectable } from '@nestjs/common';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Environment, PackageInstaller, ProcessRunner } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { LanguageClient } from '../client/language-client.js';
import { findProgram } from '../program/find-program.js';
import { foldersAbove } from '../program/folders.js';
import { ServerMissingError } from './server-missing.error.js';
import type { ServerCommand, ServerDefinition, ServerPlace } from './server-definition.js';

/** Milliseconds a program has to tell what it can do. */
const HELP_LIMIT = 5000;

/** Finds the program of a language server and starts it. */
@Injectable()
export class ServerStarter {
  constructor(
    private readonly processes: ProcessRunner,
    private readonly environment: Environment,
    private readonly packages: PackageInstaller,
  ) {}

  /** Rejects with a ServerMissingError when there is nothing to start, otherwise with what went wrong. */
  async start(
    instance: Instance,
    server: ServerDefinition,
    root: string,
    signal: AbortSignal,
  ): Promise<LanguageClient> {
    const top = instance.worktree === '/' ? instance.directory : instance.worktree;
    const place: ServerPlace = { root, directory: instance.directory, top, environment: this.environment };
    const prepared = (await server.prepare?.(place)) ?? { initialization: {} };
    if ('missing' in prepared) throw new ServerMissingError(prepared.missing);
    const { program, args } = await this.find(instance, server, place, signal);
    const env = { ...this.environment.variables, ...server.env };
    const process = { command: program, args, cwd: root, env };
    return LanguageClient.start(this.processes, { server, root, process, ...prepared }, signal);
  }

  private async find(
    instance: Instance,
    { commands, source }: ServerDefinition,
    place: ServerPlace,
    signal: AbortSignal,
  ): Promise<ServerCommand> {
    const folders = [...foldersAbove(place.root, place.top)];
    for (const { program: name, args, ifHelpNames } of commands) {
      const path = name.includes('/') ? instance.resolve(name) : name;
      const program = await findProgram(path, folders, this.environment);
      if (program === undefined) continue;
      if (ifHelpNames === undefined || (await this.helpNames(program, ifHelpNames))) return { program, args };
    }
    const [first] = commands;
    if ('npm' in source && first) {
      const program = await this.install(source.npm, first.program, signal);
      if (program !== undefined) return { ...first, program };
    }
    const hint = 'hint' in source ? source.hint : `run: npm install --global ${source.npm}`;
    throw new ServerMissingError(`${first?.program} was found neither in the project nor in PATH; ${hint}`);
  }

  /** Absolute path of an executable of a package from the registry; undefined when nothing may be fetched. */
  private async install(name: string, program: string, signal: AbortSignal): Promise<string | undefined> {
    if (this.environment.flag('OPENCODE_DISABLE_LSP_DOWNLOAD')) return undefined;
    try {
      const { directory } = await this.packages.install({ name, signal });
      return await executableOf(directory, program);
    } catch (error) {
      throw new ServerMissingError((error as Error).message);
    }
  }

  private async helpNames(command: string, word: string): Promise<boolean> {
    try {
      const { stdout, stderr } = await this.processes.run({
        command,
        args: ['--help'],
        cwd: '/',
        env: this.environment.variables,
        timeout: HELP_LIMIT,
      });
      return `${stdout}${stderr}`.includes(word);
    } catch {
      return false;
    }
  }
}

async function executableOf(directory: string, program: string): Promise<string | undefined> {
  const { bin } = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')) as {
    bin?: string | Record<string, string>;
  };
  const file = typeof bin === 'string' ? bin : bin?.[program];
  return file === undefined ? undefined : join(directory, file);
}
