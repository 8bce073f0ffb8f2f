import { Injectable } from '@nestjs/common';
import { ConfigService } from '#libs/config';
import { WireError } from '#libs/contract';
import { type ForeignModule, PackageInstaller, ProcessRunner, ShellEnvironment } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { PluginClients } from '../host/plugin-client.service.js';
import { createShell } from '../host/shell.js';
import { PluginError } from '../plugin.error.js';
import { explained } from './foreign-error.js';
import { importInstalled } from './import-module.js';
import type { ImportedFiles } from './imported-files.js';
import { findInstalled, parsePackage } from './plugin-package.js';
import type { LoadedPlugin, PluginHooks } from './reference-plugin.js';
import { within } from './time-limit.js';

/** Milliseconds a plugin may take to be set up. */
const SETUP_LIMIT = 60_000;

type PluginFunction = (input: object) => unknown;

/** Brings plugins into the program and sets them up for an instance. */
@Injectable()
export class PluginLoader {
  constructor(
    private readonly config: ConfigService,
    private readonly installer: PackageInstaller,
    private readonly clients: PluginClients,
    private readonly processes: ProcessRunner,
    private readonly shells: ShellEnvironment,
  ) {}

  /** One after the other, in their order. Rejects with a PluginError or a PackageInstallError. @param files learns of theirs */
  async load(instance: Instance, specifiers: readonly string[], files: ImportedFiles): Promise<LoadedPlugin[]> {
    if (specifiers.length === 0) return [];
    const input = await this.inputOf(instance);
    const loaded: LoadedPlugin[] = [];
    for (const name of specifiers) {
      for (const setUp of await this.functionsOf(instance, name, files)) {
        const hooks = await this.attempt(name, async () => setUp(input), instance.signal);
        loaded.push({ name, hooks: typeof hooks === 'object' && hooks !== null ? (hooks as PluginHooks) : {} });
      }
    }
    return loaded;
  }

  /** What every function of a plugin is called with. */
  private async inputOf(instance: Instance): Promise<object> {
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

  /** Each function that the module exports, once, however many names it has. */
  private async functionsOf(instance: Instance, name: string, files: ImportedFiles): Promise<PluginFunction[]> {
    const module = await this.attempt(name, () => this.import(instance, name, files), instance.signal);
    const exported = new Set(Object.values(module));
    return [...exported].filter((value): value is PluginFunction => typeof value === 'function');
  }

  private async import(instance: Instance, specifier: string, files: ImportedFiles): Promise<ForeignModule> {
    if (specifier.startsWith('file://')) return files.import(specifier);
    const wanted = parsePackage(specifier);
    const { directory, worktree } = instance;
    const places = [...(await this.config.directories(instance)).reverse(), directory, worktree];
    const home = await findInstalled(wanted, places);
    if (home !== undefined) return importInstalled(home, wanted.name);
    const installed = await this.installer.install({ ...wanted, signal: instance.signal });
    return importInstalled(installed.directory, wanted.name);
  }

  private async attempt<T>(name: string, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await within(work(), SETUP_LIMIT, signal);
    } catch (error) {
      if (WireError.is(error)) throw error;
      throw new PluginError(name, explained(error), { cause: error });
    }
  }
}
