import { StringField } from '../field/field.decorator.js';
import { InlineSchema } from '../field/schema.decorator.js';
import { NoProperties } from './server.event.js';
import { wireEvent } from './wire-event.js';

@InlineSchema()
export class LspDiagnosticsProperties {
  @StringField()
  serverID: string;

  @StringField()
  path: string;
}

@InlineSchema()
export class McpToolsProperties {
  @StringField()
  server: string;
}

@InlineSchema()
export class McpBrowserProperties {
  @StringField()
  mcpName: string;

  @StringField()
  url: string;
}

/** A language server was started. */
export class LspUpdatedEvent extends wireEvent('lsp.updated', () => NoProperties) {}

export class LspClientDiagnosticsEvent extends wireEvent('lsp.client.diagnostics', () => LspDiagnosticsProperties) {}

/** An MCP server announced another list of tools. */
export class McpToolsChangedEvent extends wireEvent('mcp.tools.changed', () => McpToolsProperties) {}

/** No browser could be opened for the authorisation of an MCP server: the person has to open the URL. */
export class McpBrowserOpenFailedEvent extends wireEvent('mcp.browser.open.failed', () => McpBrowserProperties) {}
