import { Injectable, Optional } from '@nestjs/common';
import type { Config } from '#libs/contract';
import { join } from 'node:path';
import { Environment, HookRegistry } from '#libs/extension';
import { type Instance, InstanceState, InstanceStore } from '#libs/instance';
import type { JsonObject } from './load/json-object.js';
import { listPlugins } from './load/list-plugins.js';
import type { LoadContext } from './load/load-context.js';
import { loadFile, loadText } from './load/load-file.js';
import { loadMarkdown } from './load/load-markdown.js';
import { contentVariables, overlayVariables, type VariableSource } from './load/load-variable.js';
import { normalise } from './load/normalise.js';
import { foreseen } from './merge/foreseen.js';
import { mergeConfig, mergeDeep } from './merge/merge.js';
import { postProcess } from './merge/post-process.js';
import { ProblemService } from './problem.service.js';
import { RemoteConfig } from './remote/remote-config.service.js';
import { ReadTrail } from './reload/read-trail.js';
import { configDirectories, directoryFiles, globalFiles, managedFiles, namedFiles, projectFiles } from './sources.js';

/** What a source says, ready to be merged. */
export interface ConfigLayer {
  /** Path, address, or name of a variable. */
  readonly place: string;
  readonly config: JsonObject;
}

/** A configuration, and what it was made of. */
export interface LoadedConfig {
  readonly config: Config;
  /** Later ones win. The files of the user are one, called by their folder. */
  readonly layers: readonly ConfigLayer[];
  trail: ReadTrail;
}

/** One of the places where configuration comes from. @publicApi */
export interface ConfigSource {
  /** `server`: one the user is logged in to; `named`: by `OPENCODE_CONFIG`; `managed`: of the administrator. */
  readonly kind: 'server' | 'global' | 'named' | 'project' | 'folder' | 'variable' | 'managed';
  /** Path, address, or name of the variable. */
  readonly place: string;
}

/**
 * The configuration of each instance, merged from all its sources.
 * @publicApi
 */
@Injectable()
export class ConfigService {
  private readonly loadedConfigs = new InstanceState((instance) => this.load(instance));
  /** As hooks left them. */
  private readonly changedConfigs = new InstanceState<{ config?: Config }>(() => ({}));

  constructor(
    private readonly environment: Environment,
    private readonly problems: ProblemService,
    private readonly remotes: RemoteConfig,
    @Optional() private readonly hooks?: HookRegistry,
    @Optional() instances?: InstanceStore,
  ) {
    instances?.beforeFirstUse((instance) => this.prepare(instance));
  }

  /**
   * Read once per instance, and changed by hooks before anybody uses it; a failed load is tried again by the next call.
   * Shared: do not change it.
   * Rejects with ConfigJsonError or ConfigInvalidError.
   */
  async get(instance: Instance): Promise<Config> {
    return this.changedConfigs.find(instance)?.config ?? (await this.loadedConfigs.get(instance)).config;
  }

  /** What the user's own files say, read anew; no defaults. Rejects as {@link get} does. */
  async global(): Promise<Config> {
    const onProblem: LoadContext['onProblem'] = (what, reason) => this.problems.note(`${what}: ${String(reason)}`);
    return this.globalConfig(this.context(new ReadTrail(), onProblem));
  }

  /** Folders with configuration, agents, commands, skills, tools …; what is found in a later one wins. */
  directories(instance: Instance, trail?: ReadTrail): Promise<string[]> {
    return configDirectories(this.environment, instance, trail);
  }

  /**
   * Where configuration comes from, in the order in which it is read; what is read later wins. Files are named whether
   * they are there or not; the Markdown files of folders are not among them.
   */
  async sources(instance: Instance): Promise<ConfigSource[]> {
    const { environment } = this;
    const from = (kind: ConfigSource['kind'], places: readonly string[]) => places.map((place) => ({ kind, place }));
    const directories = await this.directories(instance);
    return [
      ...from('server', await this.remotes.addresses()),
      ...from('global', globalFiles(environment)),
      ...from('named', namedFiles(environment)),
      ...from('project', await projectFiles(environment, instance)),
      ...directories.flatMap((directory) => from('folder', directoryFiles(environment, directory))),
      ...from('variable', placesOf(contentVariables(environment))),
      ...from('managed', managedFiles(environment)),
      ...from('variable', placesOf(overlayVariables(environment))),
    ];
  }

  /** @internal What {@link get} gives; undefined when nobody has asked for it, or it could not be read. */
  async loaded(instance: Instance): Promise<LoadedConfig | undefined> {
    return await this.loadedConfigs.find(instance)?.catch(() => undefined);
  }

  /** @internal Another configuration with the changes that hooks have made to that of the instance. */
  async foresee(instance: Instance, next: Config): Promise<Config> {
    const after = this.changedConfigs.find(instance)?.config;
    const before = await this.loaded(instance);
    return after && before ? foreseen(next, before.config, after) : next;
  }

  /** @internal Reads everything anew. Rejects as {@link get} does. @param trail learns of what it looks at, also then */
  async load(instance: Instance, trail = new ReadTrail()): Promise<LoadedConfig> {
    const context = this.context(trail, (what, reason) => this.problems.tell(instance, what, reason));
    const layers: ConfigLayer[] = [];
    let merged: JsonObject = {};
    // one after the other: of several broken sources the first is reported
    for await (const layer of this.layers(instance, context)) {
      layers.push(layer);
      merged = mergeConfig(merged, layer.config);
    }
    return { config: postProcess(merged, this.environment), layers, trail };
  }

  private async *layers(instance: Instance, local: LoadContext): AsyncGenerator<ConfigLayer> {
    const { environment } = this;
    let context = local;
    await context.trail.note(join(environment.paths.data, 'auth.json'));
    for (const { url, text, variable } of await this.remotes.list(instance)) {
      // tokens of servers are variables from there on
      context = { ...context, variables: { ...context.variables, [variable[0]]: variable[1] } };
      const loading = loadText(text, url, context);
      loading.catch(() => this.remotes.forget(instance));
      yield { place: url, config: await loading };
    }
    yield { place: environment.paths.config, config: await this.globalConfig(context) };
    yield* layersOf(namedFiles(environment), context);
    yield* layersOf(await projectFiles(environment, instance), context);
    for (const directory of await this.directories(instance, context.trail)) {
      yield* layersOf(directoryFiles(environment, directory), context);
      yield { place: join(directory, '**/*.md'), config: await loadMarkdown(directory, context) };
      yield { place: directory, config: { plugin: await listPlugins(directory, context) } };
    }
    for (const { place, read } of contentVariables(environment)) yield { place, config: read() };
    yield* layersOf(managedFiles(environment), context);
    for (const { place, read } of overlayVariables(environment)) yield { place, config: read() };
  }

  /** Lets hooks change the configuration of a new instance. Agents they add may be written in the short form of a file. */
  private async prepare(instance: Instance): Promise<boolean> {
    if (!this.hooks?.has('config', instance)) return true;
    // a broken file fails those who need the configuration, and nobody else
    const loaded = await this.loadedConfigs.get(instance).catch(() => undefined);
    if (!loaded) return false;
    const changed = await this.hooks.run('config', loaded.config, { instance });
    if (changed !== loaded.config) this.changedConfigs.get(instance).config = normalise({ ...changed });
    return true;
  }

  private context(trail: ReadTrail, onProblem: LoadContext['onProblem']): LoadContext {
    const { variables, paths } = this.environment;
    return { variables, paths, trail, onProblem };
  }

  /** Among the files of the user lists do not grow. */
  private async globalConfig(context: LoadContext): Promise<JsonObject> {
    let merged: JsonObject = {};
    for await (const { config } of layersOf(globalFiles(this.environment), context)) merged = mergeDeep(merged, config);
    return merged;
  }
}

const placesOf = (sources: readonly VariableSource[]) => sources.map(({ place }) => place);

async function* layersOf(files: readonly string[], context: LoadContext): AsyncGenerator<ConfigLayer> {
  for (const place of files) {
    const config = await loadFile(place, context);
    if (config) yield { place, config };
  }
}
