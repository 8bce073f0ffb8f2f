import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigService, ProblemService } from '#libs/config';
import { type SourcedTool, TOOL_SOURCE_ORDER, TOOL_SOURCE_SPECIFICATION, ToolSource } from '#libs/extension';
import type { ToolSourceHandler } from '#libs/extension';
import { type Instance, InstanceState } from '#libs/instance';
import { ConfigDependencies } from '../load/config-dependencies.service.js';
import { explained } from '../load/foreign-error.js';
import { importFile } from '../load/import-module.js';
import { isCustomTool } from '../load/reference-plugin.js';
import { within } from '../load/time-limit.js';
import { PluginStore } from '../plugin.store.js';
import { sourcedTool } from './custom-tool.js';

const FOLDERS = ['tool', 'tools'];
const SCRIPT = /\.[jt]s$/;
/** Milliseconds a file may take to be loaded. */
const LOAD_LIMIT = 60_000;

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
  ) {}

  tools(instance: Instance): Promise<readonly SourcedTool[]> {
    return this.found.get(instance);
  }

  private async find(instance: Instance): Promise<SourcedTool[]> {
    const files = this.plugins.enabled ? await this.files(instance) : [];
    if (files.length === 0) return [];
    await this.dependencies
      .ensure(instance)
      .catch((error: unknown) => this.problems.tell(instance, 'Packages of tools are missing', error));
    const tools: SourcedTool[] = [];
    for (const file of files) {
      try {
        tools.push(...(await within(toolsIn(file), LOAD_LIMIT, instance.signal)));
      } catch (error) {
        this.problems.tell(instance, `The tool file ${file} is left out`, explained(error));
      }
    }
    return tools;
  }

  private async files(instance: Instance): Promise<string[]> {
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
async function toolsIn(file: string): Promise<SourcedTool[]> {
  const module = await importFile(pathToFileURL(file).href);
  const name = basename(file, extname(file));
  const tools = Object.entries(module).filter(([, value]) => isCustomTool(value));
  if (tools.length === 0) throw new Error('it exports no tool: export default { description, args, execute }');
  return Promise.all(
    tools.map(([key, tool]) =>
      sourcedTool(key === 'default' ? name : `${name}_${key}`, tool as Parameters<typeof sourcedTool>[1]),
    ),
  );
}
