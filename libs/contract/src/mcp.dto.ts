import { type McpServerConfig, McpServerConfigType } from './config/mcp-config.dto.js';
import { item } from './field/factory.js';
import { LiteralField, StringField, UnionField } from './field/field.decorator.js';
import { InlineSchema } from './field/schema.decorator.js';

/** The server answers; its tools are offered. */
export class MCPStatusConnected {
  @LiteralField('connected')
  status: 'connected';
}

/** The server is switched off. */
export class MCPStatusDisabled {
  @LiteralField('disabled')
  status: 'disabled';
}

/** The server could not be reached. */
export class MCPStatusFailed {
  @LiteralField('failed')
  status: 'failed';

  @StringField()
  error: string;
}

/** A person has to log in. */
export class MCPStatusNeedsAuth {
  @LiteralField('needs_auth')
  status: 'needs_auth';
}

/** The server wants an OAuth client that is registered by hand. */
export class MCPStatusNeedsClientRegistration {
  @LiteralField('needs_client_registration')
  status: 'needs_client_registration';

  @StringField()
  error: string;
}

export type MCPStatus =
  MCPStatusConnected | MCPStatusDisabled | MCPStatusFailed | MCPStatusNeedsAuth | MCPStatusNeedsClientRegistration;
export const MCPStatusUnion = item.named(
  'MCPStatus',
  item.discriminated('status', () => [
    MCPStatusConnected,
    MCPStatusDisabled,
    MCPStatusFailed,
    MCPStatusNeedsAuth,
    MCPStatusNeedsClientRegistration,
  ]),
);

/** A resource an MCP server offers. */
export class McpResource {
  @StringField()
  name: string;

  @StringField()
  uri: string;

  @StringField({ optional: true })
  description?: string;

  @StringField({ optional: true })
  mimeType?: string;

  @StringField()
  client: string;
}

/** Body of `POST /mcp`. */
@InlineSchema()
export class McpAddInput {
  @StringField()
  name: string;

  @UnionField(McpServerConfigType)
  config: McpServerConfig;
}

/** Body of `POST /mcp/:name/auth/callback`. */
@InlineSchema()
export class McpAuthCallbackInput {
  @StringField()
  code: string;
}

/** Answer of `POST /mcp/:name/auth`. */
@InlineSchema()
export class McpAuthStartResponse {
  @StringField()
  authorizationUrl: string;
}

/** Answer of `DELETE /mcp/:name/auth`. */
@InlineSchema()
export class McpAuthRemoveResponse {
  @LiteralField(true)
  success: true;
}
