import { Inject, Injectable, Optional } from '@nestjs/common';
import { ConfigReload } from '#libs/config';
import type { Subscription } from 'rxjs';
import type { Config } from '#libs/contract';
import { type Instance, InstanceState } from '#libs/instance';
import { PluginEvents } from './bridge/plugin-events.service.js';
import { ConfigDependencies } from './load/config-dependencies.service.js';
import { ImportedFiles } from './load/imported-files.js';
import { PluginLoader } from './load/plugin-loader.service.js';
import type { LoadedPlugin } from './load/reference-plugin.js';
import { PLUGIN_OPTIONS, type PluginOptions } from './plugin.options.js';

export interface LoadedPlugins {
  readonly plugins: readonly LoadedPlugin[];
  readonly files: ImportedFiles;
}

interface Kept {
  plugins: readonly LoadedPlugin[];
  listening?: Subscription | undefined;
}

/** Keeps the plugins of each instance. */
@Injectable()
export class PluginStore {
  private readonly loaded = new InstanceState<Kept>(() => ({ plugins: [] }));

  constructor(
    private readonly dependencies: ConfigDependencies,
    private readonly loader: PluginLoader,
    private readonly events: PluginEvents,
    private readonly reload: ConfigReload,
    @Optional() @Inject(PLUGIN_OPTIONS) private readonly options: PluginOptions = {},
  ) {}

  get enabled(): boolean {
    return this.options.enabled ?? true;
  }

  /** Loads what the configuration names. Rejects with a PluginError. */
  async load(instance: Instance, { plugin = [] }: Readonly<Config>): Promise<LoadedPlugins> {
    const files = new ImportedFiles(instance);
    if (!this.enabled || plugin.length === 0) return { plugins: [], files };
    await this.dependencies.ensure(instance);
    return { plugins: await this.loader.load(instance, plugin, files), files };
  }

  /** From now on they are those of the instance, in the place of any before. */
  keep(instance: Instance, { plugins, files }: LoadedPlugins): void {
    const kept = this.loaded.get(instance);
    kept.listening?.unsubscribe();
    Object.assign(kept, { plugins, listening: this.events.connect(instance, plugins) });
    this.reload.watch(instance, this, () => files.edited());
  }

  /** Those that are there; none while the instance is set up. */
  of(instance: Instance): readonly LoadedPlugin[] {
    return this.loaded.find(instance)?.plugins ?? [];
  }
}
