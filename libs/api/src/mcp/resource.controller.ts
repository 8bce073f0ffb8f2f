import { Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { McpResource } from '#libs/contract';
import { CurrentInstance, OpencodeController, Operation } from '#libs/http';
import type { Instance } from '#libs/instance';
import { McpResources } from '#libs/mcp';
import { answers } from '../answers.js';

/** What MCP servers offer to read. */
@ApiTags('Mcp')
@OpencodeController('experimental/resource')
export class ResourceController {
  constructor(private readonly resources: McpResources) {}

  @Get()
  @Operation({
    id: 'experimental.resource.list',
    summary: 'List the resources of the MCP servers',
    answer: answers.mcpResources,
  })
  list(@CurrentInstance() instance: Instance): Promise<Record<string, McpResource>> {
    return this.resources.list(instance);
  }
}
