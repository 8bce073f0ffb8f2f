import { Injectable } from '@nestjs/common';
import { ConfigService, ProblemService } from '#libs/config';
import { PackageInstallError, WireError } from '#libs/contract';
import { type ForeignModule, inTime, PackageInstaller } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { PluginHost } from '../host/plugin-host.service.js';
import { PluginError } from '../plugin.error.js';
import { explained } from './foreign-error.js';
import { importInstalled } from './import-module.js';
import type { ImportedFiles } from './imported-files.js';
import { findInstalled, type PackageName, parsePackage } from './plugin-package.js';
import type { LoadedPlugin, PluginHooks } from './reference-plugin.js';

/** Milliseconds a plugin may take to be set up. */
const SETUP_LIMIT = 60_000;

type PluginFunction = (input: object) => unknown;

/** Brings plugins into the program and sets them up for an instance. */
@Injectable()
export class PluginLoader {
  constructor(
    private readonly config: ConfigService,
    private readonly installer: PackageInstaller,
    private readonly host: PluginHost,
    private readonly problems: ProblemService,
  ) {}

  /** One after the other, in their order. Rejects with a PluginError. @param files learns of theirs */
  async load(instance: Instance, specifiers: readonly string[], files: ImportedFiles): Promise<LoadedPlugin[]> {
    if (specifiers.length === 0) return [];
    const input = await this.host.inputOf(instance);
    const loaded: LoadedPlugin[] = [];
    for (const name of specifiers) {
      for (const setUp of await this.functionsOf(instance, name, files)) {
        const hooks = await this.attempt(name, async () => setUp(input), instance.signal);
        loaded.push({ name, hooks: typeof hooks === 'object' && hooks !== null ? (hooks as PluginHooks) : {} });
      }
    }
    return loaded;
  }

  /** Each function that the module exports, once, however many names it has. */
  private async functionsOf(instance: Instance, name: string, files: ImportedFiles): Promise<PluginFunction[]> {
    const module = await this.import(instance, name, files);
    const exported = new Set(Object.values(module ?? {}));
    return [...exported].filter((value): value is PluginFunction => typeof value === 'function');
  }

  /** Undefined when it is a package that cannot be installed: without a network the rest works all the same. */
  private async import(instance: Instance, name: string, files: ImportedFiles): Promise<ForeignModule | undefined> {
    if (name.startsWith('file://')) return this.attempt(name, () => files.import(name), instance.signal);
    const wanted = parsePackage(name);
    try {
      const home = await this.homeOf(instance, wanted);
      return await this.attempt(name, () => importInstalled(home, wanted.name), instance.signal);
    } catch (error) {
      if (!(error instanceof PackageInstallError) || instance.signal.aborted) throw error;
      this.problems.tell(instance, `The plugin ${name} is left out`, error);
      return undefined;
    }
  }

  /** The folder that a package is seen from. */
  private async homeOf(instance: Instance, wanted: PackageName): Promise<string> {
    const { directory, worktree, signal } = instance;
    const places = [...(await this.config.directories(instance)).reverse(), directory, worktree];
    return (await findInstalled(wanted, places)) ?? (await this.installer.install({ ...wanted, signal })).directory;
  }

  private async attempt<T>(name: string, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await inTime(work(), { milliseconds: SETUP_LIMIT, signal });
    } catch (error) {
      if (WireError.is(error)) throw error;
      throw new PluginError(name, explained(error), { cause: error });
    }
  }
}
