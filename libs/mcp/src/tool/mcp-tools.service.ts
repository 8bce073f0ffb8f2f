import type { Tool } from '@modelcontextprotocol/client';
import { Logger } from '@nestjs/common';
import { ConfigService } from '#libs/config';
import {
  LONGEST_TIMER,
  type SourcedTool,
  TOOL_SOURCE_ORDER,
  TOOL_SOURCE_SPECIFICATION,
  type ToolContext,
  type ToolResult,
  ToolSource,
  type ToolSourceHandler,
} from '#libs/extension';
import type { Instance } from '#libs/instance';
import { isSessionGone } from '../connection/gone.js';
import { CONNECTION_CLOSED, McpError } from '../connection/mcp.error.js';
import { McpService } from '../mcp.service.js';
import type { McpServer } from '../server/mcp-server.js';
import { toolId } from '../wire-name.js';
import { toolResult } from './tool-result.js';
import { toolSchema } from './tool-schema.js';

/** Milliseconds a call may take, unless the configuration says otherwise. */
const CALL_TIMEOUT = 60_000;

/** Offers the tools of the connected servers to the agent. */
@ToolSource({ order: TOOL_SOURCE_ORDER.mcp, listed: false })
export class McpTools implements ToolSourceHandler {
  readonly specificationVersion = TOOL_SOURCE_SPECIFICATION;
  private readonly log = new Logger('Mcp');

  constructor(
    private readonly mcp: McpService,
    private readonly config: ConfigService,
  ) {}

  async tools(instance: Instance): Promise<SourcedTool[]> {
    const servers = await this.mcp.list(instance);
    return (await Promise.all(servers.map((server) => this.toolsOf(server)))).flat();
  }

  /** None when the server does not answer: its status tells. */
  private async toolsOf(server: McpServer): Promise<SourcedTool[]> {
    try {
      const tools = (await server.ask((connection) => connection.tools())) ?? [];
      return tools.map((tool) => this.sourced(server, tool));
    } catch (error) {
      this.log.warn(`The tools of ${server.name} are left out: ${String(error)}`);
      return [];
    }
  }

  private sourced(server: McpServer, tool: Tool): SourcedTool {
    const id = toolId(server.name, tool.name);
    return {
      id,
      description: tool.description ?? '',
      parameters: toolSchema(tool),
      execute: async (input, context) => {
        await context.ask({ permission: id, patterns: ['*'], always: ['*'], metadata: {} });
        return this.call(server, tool.name, { ...input }, context);
      },
    };
  }

  private async call(
    server: McpServer,
    tool: string,
    input: Record<string, unknown>,
    { instance, signal }: ToolContext,
  ): Promise<ToolResult> {
    const { experimental } = await this.config.get(instance);
    const timeout = Math.min(server.config.timeout ?? experimental?.mcp_timeout ?? CALL_TIMEOUT, LONGEST_TIMER);
    // what a server may have begun is not sent again
    const result = await server.ask((connection) => connection.call(tool, input, { signal, timeout }), isSessionGone);
    if (!result) throw new McpError(CONNECTION_CLOSED, `The server ${server.name} is not connected`);
    return toolResult(result);
  }
}
