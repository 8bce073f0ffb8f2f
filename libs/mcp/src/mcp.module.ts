import { Module } from '@nestjs/common';
import { ConfigModule } from '#libs/config';
import { Browser } from '#libs/extension';
import { AuthorizationService } from './auth/authorization.service.js';
import { LoginService } from './auth/login.service.js';
import { McpAuthService } from './auth/mcp-auth.service.js';
import { McpAuthStore } from './auth/mcp-auth.store.js';
import { OAuthCallback } from './auth/oauth-callback.service.js';
import { OAuthClients } from './auth/oauth-clients.service.js';
import { RequestAuthService } from './auth/request-auth.service.js';
import { McpCommands } from './command/mcp-commands.service.js';
import { McpConnector } from './connection/connector.service.js';
import { McpService } from './mcp.service.js';
import { McpResources } from './resource/mcp-resources.service.js';
import { McpTools } from './tool/mcp-tools.service.js';

/**
 * MCP servers: their tools for the agent, their prompts as commands, their resources. Needs the EventBus and the ports
 * Clock, Environment and ProcessRunner from global modules.
 */
@Module({
  imports: [ConfigModule],
  providers: [
    AuthorizationService,
    Browser,
    LoginService,
    McpAuthService,
    McpAuthStore,
    McpCommands,
    McpConnector,
    McpResources,
    McpService,
    McpTools,
    OAuthCallback,
    OAuthClients,
    RequestAuthService,
  ],
  exports: [McpAuthService, McpAuthStore, McpResources, McpService],
})
export class McpModule {}
