import { Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type ToolIDs, ToolIDsType, type ToolList, ToolListQuery, ToolListType } from '#libs/contract';
import { OpencodeController, Operation } from '#libs/http';
import { ToolRegistry } from '#libs/tool';

/** The tools of the server. */
@ApiTags('Tool')
@OpencodeController('experimental/tool')
export class ToolController {
  constructor(private readonly tools: ToolRegistry) {}

  @Get('ids')
  @Operation({ id: 'tool.ids', summary: 'List the names of all tools', answer: ToolIDsType, errors: [400] })
  ids(): ToolIDs {
    return this.tools.ids();
  }

  @Get()
  @Operation({
    id: 'tool.list',
    summary: 'List the tools with the JSON Schema of their arguments',
    answer: ToolListType,
    errors: [400],
  })
  list(@Query() _query: ToolListQuery): ToolList {
    return this.tools.list();
  }
}
