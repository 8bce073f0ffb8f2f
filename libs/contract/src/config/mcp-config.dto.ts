import { item } from '../field/factory.js';
import {
  ArrayField,
  BooleanField,
  IntegerField,
  LiteralField,
  RecordField,
  StringField,
  UnionField,
} from '../field/field.decorator.js';
import { InlineSchema, StrictSchema } from '../field/schema.decorator.js';

/** An MCP server that is started as a process. */
@StrictSchema()
export class McpLocalConfig {
  @LiteralField('local')
  type: 'local';

  @ArrayField(item.string())
  command: string[];

  @RecordField(item.string(), { optional: true })
  environment?: Record<string, string>;

  @BooleanField({ optional: true })
  enabled?: boolean;

  @IntegerField({ exclusiveMin: 0, optional: true })
  timeout?: number;
}

/** A registered OAuth client, where the server does not register clients itself. */
@StrictSchema()
export class McpOAuthConfig {
  @StringField({ optional: true })
  clientId?: string;

  @StringField({ optional: true })
  clientSecret?: string;

  @StringField({ optional: true })
  scope?: string;
}

/** An MCP server that is reached over HTTP. */
@StrictSchema()
export class McpRemoteConfig {
  @LiteralField('remote')
  type: 'remote';

  @StringField()
  url: string;

  @BooleanField({ optional: true })
  enabled?: boolean;

  @RecordField(item.string(), { optional: true })
  headers?: Record<string, string>;

  @UnionField(
    item.union(
      item.ref(() => McpOAuthConfig),
      item.literal(false),
    ),
    { optional: true },
  )
  oauth?: McpOAuthConfig | false;

  @IntegerField({ exclusiveMin: 0, optional: true })
  timeout?: number;
}

/** One MCP server: started here, or reached over HTTP. */
export const McpServerConfigType = item.discriminated('type', () => [McpLocalConfig, McpRemoteConfig]);
export type McpServerConfig = McpLocalConfig | McpRemoteConfig;

/** Switches a server of another file on or off. */
@InlineSchema()
@StrictSchema()
export class McpEnabledConfig {
  @BooleanField()
  enabled: boolean;
}
