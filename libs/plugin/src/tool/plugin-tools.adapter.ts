import {
  type SourcedTool,
  TOOL_SOURCE_ORDER,
  TOOL_SOURCE_SPECIFICATION,
  ToolSource,
  type ToolSourceHandler,
} from '#libs/extension';
import { type Instance, InstanceState } from '#libs/instance';
import { isCustomTool } from '../load/reference-plugin.js';
import { PluginError } from '../plugin.error.js';
import { PluginStore } from '../plugin.store.js';
import { sourcedTool } from './custom-tool.js';

/** The tools of plugins. */
@ToolSource({ order: TOOL_SOURCE_ORDER.plugins })
export class PluginTools implements ToolSourceHandler {
  readonly specificationVersion = TOOL_SOURCE_SPECIFICATION;
  private readonly found = new InstanceState((instance) => this.find(instance));

  constructor(private readonly plugins: PluginStore) {}

  tools(instance: Instance): Promise<readonly SourcedTool[]> {
    return this.found.get(instance);
  }

  private async find(instance: Instance): Promise<SourcedTool[]> {
    const tools: SourcedTool[] = [];
    for (const { name, hooks } of this.plugins.of(instance))
      for (const [id, tool] of Object.entries(hooks['tool'] ?? {})) {
        if (!isCustomTool(tool)) throw new PluginError(name, `its tool ${id} has no execute()`);
        tools.push(await sourcedTool(id, tool));
      }
    return tools;
  }
}
