import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { type AgentToolHandler, toolOfHandler, type ToolModel } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { ToolOutputStore } from './output/tool-output.store.js';
import { forFileChanges } from './patch-model.js';
import { RegisteredTool } from './registered-tool.js';
import { findSources, findTools, type FoundSource, type FoundTool } from './tool-discovery.js';

/** Names that no provider of models takes are not offered. */
const VALID_ID = /^[A-Za-z0-9_-]{1,128}$/;

interface OwnTool {
  handler: AgentToolHandler;
  tool: RegisteredTool;
}

/**
 * Every tool: the built-in ones in their fixed order, those of other modules, then those of the sources, which may
 * differ per instance and over time. Of two with one id the later wins and takes the place of the earlier.
 * @publicApi
 */
@Injectable()
export class ToolRegistry implements OnModuleInit {
  private readonly log = new Logger(ToolRegistry.name);
  private readonly refused = new Set<string>();
  private tools: ReadonlyMap<string, OwnTool> = new Map();
  private sources: readonly FoundSource[] = [];

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly outputs: ToolOutputStore,
  ) {}

  onModuleInit(): void {
    this.tools = new Map(findTools(this.discovery).map((found) => [found.options.id, this.register(found)]));
    this.sources = findSources(this.discovery);
  }

  /** Names of the tools that clients are told of, whatever the model. */
  async ids(instance: Instance): Promise<string[]> {
    return (await this.published(instance)).map(({ id }) => id);
  }

  /** The tools that clients are told of; sources that are not listed are not asked. Rejects when a source fails. */
  async published(instance: Instance, model?: ToolModel): Promise<RegisteredTool[]> {
    const listed = this.sources.filter((each) => each.listed);
    return forModel([...(await this.collect(instance, listed)).values()], model);
  }

  /**
   * All tools of an instance as they are now. Rejects when a source fails.
   * @param model only those that this model is told of
   */
  async list(instance: Instance, model?: ToolModel): Promise<RegisteredTool[]> {
    return forModel([...(await this.collect(instance)).values()], model);
  }

  async find(instance: Instance, id: string): Promise<RegisteredTool | undefined> {
    return (await this.collect(instance)).get(id);
  }

  /** A tool of the application itself, whatever files, plugins and MCP servers put into its place. */
  own(id: string): RegisteredTool | undefined {
    return this.tools.get(id)?.tool;
  }

  private async collect(instance: Instance, sources = this.sources): Promise<Map<string, RegisteredTool>> {
    const tools = new Map<string, RegisteredTool>();
    for (const [id, { handler, tool }] of this.tools)
      if (!handler.isAvailable || (await handler.isAvailable(instance))) tools.set(id, tool);
    for (const sourced of await Promise.all(sources.map(({ source }) => source.tools(instance))))
      for (const tool of sourced) if (this.accepts(tool.id)) tools.set(tool.id, new RegisteredTool(tool, this.outputs));
    return tools;
  }

  private accepts(id: string): boolean {
    if (VALID_ID.test(id)) return true;
    if (!this.refused.has(id))
      this.log.warn(`The tool "${id}" is left out: names are 1 to 128 letters, digits, "_" or "-", as models require.`);
    this.refused.add(id);
    return false;
  }

  private register({ options, handler, name }: FoundTool): OwnTool {
    try {
      return { handler, tool: new RegisteredTool(toolOfHandler(options, handler), this.outputs) };
    } catch (error) {
      throw new Error(`The input class of ${name} (tool "${options.id}") gives no JSON Schema: ${String(error)}`, {
        cause: error,
      });
    }
  }
}

function forModel(tools: RegisteredTool[], model: ToolModel | undefined): RegisteredTool[] {
  return model ? forFileChanges(tools, model).filter((tool) => tool.isFor(model)) : tools;
}
