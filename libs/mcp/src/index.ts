export { McpAuthService } from './auth/mcp-auth.service.js';
export { type McpCredentials, McpAuthStore } from './auth/mcp-auth.store.js';
export { McpModule } from './mcp.module.js';
export { McpService } from './mcp.service.js';
export { McpResources, type ResourceContent } from './resource/mcp-resources.service.js';
export { withBasicLogin } from './server/basic-login.js';
export type { McpServer } from './server/mcp-server.js';
