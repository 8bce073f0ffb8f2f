import { Injectable } from '@nestjs/common';
import type { Agent } from '#libs/contract';
import { HookRegistry, type ToolDefinition } from '#libs/extension';
import type { Instance } from '#libs/instance';
import type { RegisteredTool } from './registered-tool.js';

/** Says what models and clients are told about tools. @publicApi */
@Injectable()
export class ToolDefinitions {
  constructor(private readonly hooks: HookRegistry) {}

  /** @param agent who is told; without one of all that there is */
  async of(
    instance: Instance,
    tools: readonly RegisteredTool[],
    agent?: Agent,
  ): Promise<(ToolDefinition & { id: string })[]> {
    return Promise.all(
      tools.map(async (tool) => {
        const { id, parameters } = tool;
        const definition = { description: await tool.describe({ instance, agent }), parameters };
        return { id, ...(await this.hooks.run('toolDefinition', definition, { instance, toolID: id })) };
      }),
    );
  }
}
