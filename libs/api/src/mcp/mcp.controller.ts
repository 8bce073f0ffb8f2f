import { Body, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { McpAddInput, type MCPStatus } from '#libs/contract';
import { CurrentInstance, OpencodeController, Operation } from '#libs/http';
import type { Instance } from '#libs/instance';
import { McpService } from '#libs/mcp';
import { answers } from '../answers.js';
import { McpParams } from '../path-params.dto.js';

/** The MCP servers of the instance. */
@ApiTags('Mcp')
@OpencodeController('mcp')
export class McpController {
  constructor(private readonly mcp: McpService) {}

  @Get()
  @Operation({ id: 'mcp.status', summary: 'Get the state of every MCP server', answer: answers.mcpStatuses })
  status(@CurrentInstance() instance: Instance): Promise<Record<string, MCPStatus>> {
    return this.mcp.status(instance);
  }

  @Post()
  @Operation({
    id: 'mcp.add',
    summary: 'Add an MCP server',
    description: 'Connects to it, in the place of a server with that name. It is forgotten with the instance.',
    answer: answers.mcpStatuses,
    errors: [400],
  })
  add(@CurrentInstance() instance: Instance, @Body() input: McpAddInput): Promise<Record<string, MCPStatus>> {
    return this.mcp.add(instance, input.name, input.config);
  }

  @Post(':name/connect')
  @Operation({ id: 'mcp.connect', summary: 'Connect to an MCP server', answer: answers.yes })
  async connect(@CurrentInstance() instance: Instance, @Param() { name }: McpParams): Promise<boolean> {
    await this.mcp.connect(instance, name);
    return true;
  }

  @Post(':name/disconnect')
  @Operation({ id: 'mcp.disconnect', summary: 'Close the connection to an MCP server', answer: answers.yes })
  async disconnect(@CurrentInstance() instance: Instance, @Param() { name }: McpParams): Promise<boolean> {
    await this.mcp.disconnect(instance, name);
    return true;
  }
}
