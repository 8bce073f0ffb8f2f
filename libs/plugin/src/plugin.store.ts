import { Inject, Injectable, Optional } from '@nestjs/common';
import { ConfigReload } from '#libs/config';
import type { Config } from '#libs/contract';
import { type Instance, InstanceState } from '#libs/instance';
import { PluginEvents } from './bridge/plugin-events.service.js';
import { ConfigDependencies } from './load/config-dependencies.service.js';
import { ImportedFiles } from './load/imported-files.js';
import { PluginLoader } from './load/plugin-loader.service.js';
import type { LoadedPlugin } from './load/reference-plugin.js';
import { PLUGIN_OPTIONS, type PluginOptions } from './plugin.options.js';

/** Keeps the plugins of each instance. */
@Injectable()
export class PluginStore {
  private readonly loaded = new InstanceState<{ plugins: readonly LoadedPlugin[] }>(() => ({ plugins: [] }));

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
  async load(instance: Instance, { plugin = [] }: Readonly<Config>): Promise<readonly LoadedPlugin[]> {
    if (!this.enabled || plugin.length === 0) return [];
    await this.dependencies.ensure(instance);
    const files = new ImportedFiles(instance);
    const plugins = await this.loader.load(instance, plugin, files);
    this.loaded.get(instance).plugins = plugins;
    this.reload.watch(instance, () => files.edited());
    this.events.connect(instance, plugins);
    return plugins;
  }

  /** Those that are there; none while the instance is set up. */
  of(instance: Instance): readonly LoadedPlugin[] {
    return this.loaded.find(instance)?.plugins ?? [];
  }
}
