import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { ConfigReload, ConfigService, ProblemService } from '#libs/config';
import {
  type ForeignModule,
  type SourcedTool,
  TOOL_SOURCE_ORDER,
  TOOL_SOURCE_SPECIFICATION,
  ToolSource,
  type ToolSourceHandler,
} from '#libs/extension';
import { type Instance, InstanceState } from '#libs/instance';
import { ConfigDependencies } from '../load/config-dependencies.service.js';
import { explained } from '../load/foreign-error.js';
import { ImportedFiles } from '../load/imported-files.js';
import { isCustomTool } from '../load/reference-plugin.js';
import { PluginStore } from '../plugin.store.js';
import { sourcedTool } from './custom-tool.js';

const FOLDERS = ['tool', 'tools'];
const SCRIPT = /\.[jt]s$/;

/** The tools in `tool/` and `tools/` of the configuration directories. A file that cannot be used is left out. */
@ToolSource({ order: TOOL_SOURCE_ORDER.files })
export class FileTools implements ToolSourceHandler {
  readonly specificationVersion = TOOL_SOURCE_SPECIFICATION;
  private readonly found = new InstanceState((instance) => this.find(instance));

  constructor(
    private readonly config: ConfigService,
    private readonly dependencies: ConfigDependencies,
    private readonly plugins: PluginStore,
    private readonly problems: ProblemService,
    private readonly reload: ConfigReload,
  ) {}

  tools(instance: Instance): Promise<readonly SourcedTool[]> {
    return this.found.get(instance);
  }

  private async find(instance: Instance): Promise<SourcedTool[]> {
    const paths = await this.paths(instance);
    const files = new ImportedFiles(instance);
    const tools = paths.length > 0 ? await this.import(instance, paths, files) : [];
    this.reload.watch(
      instance,
      this,
      async () => !isDeepStrictEqual(await this.paths(instance), paths) || (await files.edited()),
    );
    return tools;
  }

  private async import(instance: Instance, paths: readonly string[], files: ImportedFiles): Promise<SourcedTool[]> {
    await this.dependencies.ensure(instance);
    const tools: SourcedTool[] = [];
    for (const path of paths) {
      try {
        tools.push(...(await toolsOf(path, await files.import(pathToFileURL(path).href))));
      } catch (error) {
        this.problems.tell(instance, `The tool file ${path} is left out`, explained(error));
      }
    }
    return tools;
  }

  private async paths(instance: Instance): Promise<string[]> {
    if (!this.plugins.enabled) return [];
    const directories = await this.config.directories(instance);
    const folders = directories.flatMap((directory) => FOLDERS.map((name) => join(directory, name)));
    const lists = await Promise.all(
      folders.map(async (folder) => {
        const names = await readdir(folder).catch(() => []);
        const scripts = names.filter((name) => SCRIPT.test(name) && !name.endsWith('.d.ts')).sort();
        return scripts.map((name) => join(folder, name));
      }),
    );
    return lists.flat();
  }
}

/** The default export has the name of the file, any other one that and its own. */
async function toolsOf(path: string, module: ForeignModule): Promise<SourcedTool[]> {
  const name = basename(path, extname(path));
  const tools = Object.entries(module).filter(([, value]) => isCustomTool(value));
  if (tools.length === 0) throw new Error('it exports no tool: export default { description, args, execute }');
  return Promise.all(
    tools.map(([key, tool]) =>
      sourcedTool(key === 'default' ? name : `${name}_${key}`, tool as Parameters<typeof sourcedTool>[1]),
    ),
  );
}
