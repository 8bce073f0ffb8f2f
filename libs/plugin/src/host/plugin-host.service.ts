import { Injectable } from '@nestjs/common';
import { ProcessRunner, ShellEnvironment } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { PluginClients } from './plugin-client.service.js';
import { createShell } from './shell.js';

/** What plugins get of this program. */
@Injectable()
export class PluginHost {
  constructor(
    private readonly clients: PluginClients,
    private readonly processes: ProcessRunner,
    private readonly shells: ShellEnvironment,
  ) {}

  /** What every function of a plugin is called with. */
  async inputOf(instance: Instance): Promise<object> {
    const { directory, worktree, project, signal } = instance;
    const settings = { cwd: directory, env: await this.shells.of({ instance, cwd: directory }), throws: true };
    return {
      client: await this.clients.create(instance),
      project,
      worktree,
      directory,
      serverUrl: this.clients.serverUrl,
      $: createShell({ processes: this.processes, signal }, settings),
    };
  }
}
