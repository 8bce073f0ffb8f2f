import { Injectable } from '@nestjs/common';
import { Environment, ProcessRunner } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { LanguageClient } from '../client/language-client.js';
import { ServerInstaller } from '../install/server-installer.service.js';
import type { ServerLaunch } from '../install/server-source.js';
import { findProgram } from '../program/find-program.js';
import { foldersAbove } from '../program/folders.js';
import { ServerMissingError } from './server-missing.error.js';
import type { ServerDefinition, ServerPlace } from './server-definition.js';

/** Milliseconds a program has to tell what it can do. */
const HELP_LIMIT = 5000;

/** Finds the program of a language server and starts it. */
@Injectable()
export class ServerStarter {
  constructor(
    private readonly processes: ProcessRunner,
    private readonly environment: Environment,
    private readonly installer: ServerInstaller,
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
    const { program, args, env: own } = await this.find(instance, server, place, signal);
    const env = { ...this.environment.variables, ...own, ...server.env };
    const process = { command: program, args, cwd: root, env };
    return LanguageClient.start(this.processes, { server, root, process, ...prepared }, signal);
  }

  private async find(
    instance: Instance,
    server: ServerDefinition,
    place: ServerPlace,
    signal: AbortSignal,
  ): Promise<ServerLaunch> {
    const folders = [...foldersAbove(place.root, place.top)];
    for (const { program: name, args, ifHelpNames } of server.commands) {
      const path = name.includes('/') ? instance.resolve(name) : name;
      const program = await findProgram(path, folders, this.environment);
      if (program === undefined) continue;
      if (ifHelpNames === undefined || (await this.helpNames(program, ifHelpNames))) return { program, args };
    }
    return this.installer.obtain(server, place, signal);
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
