import { Injectable } from '@nestjs/common';
import type { Config } from '#libs/contract';
import { Environment } from '#libs/extension';
import { type Instance, InstanceState } from '#libs/instance';
import type { JsonObject } from './load/json-object.js';
import { loadFile } from './load/load-file.js';
import { loadContent } from './load/load-variable.js';
import { mergeConfig, mergeDeep } from './merge/merge.js';
import { postProcess } from './merge/post-process.js';
import { configDirectories, directoryFiles, globalFiles, managedFiles, namedFiles, projectFiles } from './sources.js';

/**
 * The configuration of each instance, merged from all its sources.
 * @publicApi
 */
@Injectable()
export class ConfigService {
  private readonly loaded = new InstanceState((instance) => this.load(instance));

  constructor(private readonly environment: Environment) {}

  /**
   * Read once per instance; a failed load is tried again by the next call. Shared: do not change it.
   * Rejects with ConfigJsonError or ConfigInvalidError.
   */
  get(instance: Instance): Promise<Config> {
    return this.loaded.get(instance);
  }

  /** What the user's own files say, read anew; no defaults. Rejects as {@link get} does. */
  async global(): Promise<Config> {
    return await this.mergeFiles({}, globalFiles(this.environment), mergeDeep);
  }

  /** Folders with configuration, agents, commands, skills, tools …; what is found in a later one wins. */
  directories(instance: Instance): Promise<string[]> {
    return configDirectories(this.environment, instance);
  }

  private async load(instance: Instance): Promise<Config> {
    const { environment } = this;
    let config: JsonObject = { ...(await this.global()) };
    config = await this.mergeFiles(config, namedFiles(environment));
    config = await this.mergeFiles(config, await projectFiles(environment, instance));
    for (const directory of await this.directories(instance))
      config = await this.mergeFiles(config, directoryFiles(environment, directory));
    config = mergeConfig(config, loadContent(environment.variables) ?? {});
    config = await this.mergeFiles(config, managedFiles(environment));
    return postProcess(config, environment);
  }

  private async mergeFiles(base: JsonObject, files: readonly string[], merge = mergeConfig): Promise<JsonObject> {
    let config = base;
    // one after the other: of several broken files the first is reported
    for (const file of files) {
      const loaded = await loadFile(file, this.environment);
      if (loaded) config = merge(config, loaded);
    }
    return config;
  }
}
