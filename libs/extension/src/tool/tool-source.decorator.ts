import { DiscoveryService } from '@nestjs/core';

/** @publicApi */
export interface ToolSourceOptions {
  /**
   * Place among the sources, smallest first; default 0. Their tools stand in this order behind those of `@AgentTool`.
   * A tool takes the place of an earlier one with its id, built-in ones included.
   */
  order?: number;
  /**
   * False: the agent is told of its tools, the lists for clients leave them out. For sources that are slow to ask.
   * Default true.
   */
  listed?: boolean;
}

/** Places of the sources that the server brings: tools of files, of plugins, of MCP servers. @publicApi */
export const TOOL_SOURCE_ORDER = { files: 100, plugins: 200, mcp: 300 } as const;

/**
 * Marks a provider class as a source of many tools, which may differ per instance and over time; the class implements
 * {@link ToolSourceHandler}.
 * @publicApi
 */
export const ToolSource = DiscoveryService.createDecorator<ToolSourceOptions>();
