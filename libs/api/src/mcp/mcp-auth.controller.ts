import { Body, Delete, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  McpAuthCallbackInput,
  type McpAuthRemoveResponse,
  type McpAuthStartResponse,
  type MCPStatus,
} from '#libs/contract';
import { AnswersLong, CurrentInstance, LongAnswer, OpencodeController, Operation } from '#libs/http';
import type { Instance } from '#libs/instance';
import { McpAuthService } from '#libs/mcp';
import { answers } from '../answers.js';
import { McpParams } from '../path-params.dto.js';

/** Logins at MCP servers. */
@ApiTags('Mcp')
@OpencodeController('mcp/:name/auth')
export class McpAuthController {
  constructor(private readonly auth: McpAuthService) {}

  @Post()
  @Operation({
    id: 'mcp.auth.start',
    summary: 'Start a login',
    description: 'The page to open in a browser; empty when no login is needed.',
    answer: answers.mcpAuthStarted,
    errors: [400, 404],
  })
  async start(@CurrentInstance() instance: Instance, @Param() { name }: McpParams): Promise<McpAuthStartResponse> {
    return { authorizationUrl: await this.auth.start(instance, name) };
  }

  @Post('callback')
  @Operation({
    id: 'mcp.auth.callback',
    summary: 'Complete a login with a code',
    answer: answers.mcpStatus,
    errors: [400, 404],
  })
  callback(
    @CurrentInstance() instance: Instance,
    @Param() { name }: McpParams,
    @Body() { code }: McpAuthCallbackInput,
  ): Promise<MCPStatus> {
    return this.auth.finish(instance, name, code);
  }

  @Post('authenticate')
  @AnswersLong()
  @Operation({
    id: 'mcp.auth.authenticate',
    summary: 'Log in with the browser',
    description: 'Opens the browser of this machine and waits, up to five minutes, until it comes back.',
    answer: answers.mcpStatus,
    errors: [400, 404],
  })
  async authenticate(
    @CurrentInstance() instance: Instance,
    @Param() { name }: McpParams,
  ): Promise<LongAnswer<MCPStatus>> {
    const { outcome } = await this.auth.authenticate(instance, name);
    return new LongAnswer(outcome);
  }

  @Delete()
  @Operation({ id: 'mcp.auth.remove', summary: 'Forget a login', answer: answers.mcpAuthRemoved, errors: [404] })
  async remove(@CurrentInstance() instance: Instance, @Param() { name }: McpParams): Promise<McpAuthRemoveResponse> {
    await this.auth.remove(instance, name);
    return { success: true };
  }
}
