import { Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type ToolIDs, ToolIDsType, type ToolList, ToolListQuery, ToolListType } from '#libs/contract';
import { CurrentInstance, OpencodeController, Operation } from '#libs/http';
import type { Instance } from '#libs/instance';
import { ToolDefinitions, ToolRegistry } from '#libs/tool';

/** The tools of the server. */
@ApiTags('Tool')
@OpencodeController('experimental/tool')
export class ToolController {
  constructor(
    private readonly tools: ToolRegistry,
    private readonly definitions: ToolDefinitions,
  ) {}

  @Get('ids')
  @Operation({ id: 'tool.ids', summary: 'List the names of all tools', answer: ToolIDsType, errors: [400] })
  ids(@CurrentInstance() instance: Instance): Promise<ToolIDs> {
    return this.tools.ids(instance);
  }

  @Get()
  @Operation({
    id: 'tool.list',
    summary: 'List the tools with the JSON Schema of their arguments',
    answer: ToolListType,
    errors: [400],
  })
  async list(@CurrentInstance() instance: Instance, @Query() query: ToolListQuery): Promise<ToolList> {
    const tools = await this.tools.published(instance, { providerID: query.provider, modelID: query.model });
    return this.definitions.of(instance, tools);
  }
}
