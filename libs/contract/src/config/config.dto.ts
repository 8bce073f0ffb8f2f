import { item } from '../field/factory.js';
import {
  ArrayField,
  BooleanField,
  EnumField,
  Field,
  ObjectField,
  RecordField,
  StringField,
  UnionField,
} from '../field/field.decorator.js';
import { StrictSchema } from '../field/schema.decorator.js';
import { AgentsConfig, ModesConfig } from './agent-config.dto.js';
import {
  CommandConfig,
  CompactionConfig,
  EnterpriseConfig,
  ExperimentalConfig,
  SkillsConfig,
  WatcherConfig,
} from './feature-config.dto.js';
import { KeybindsConfig } from './keybinds-config.dto.js';
import { FormatterConfig, LspDisabledConfig, LspServerConfig } from './language-config.dto.js';
import { McpEnabledConfig, type McpServerConfig, McpServerConfigType } from './mcp-config.dto.js';
import { type PermissionConfig, PermissionConfigUnion } from './permission-config.dto.js';
import { ProviderConfig } from './provider-config.dto.js';
import { type LogLevel, LogLevelType, ServerConfig } from './server-config.dto.js';
import { type LayoutConfig, LayoutConfigType, TuiConfig } from './tui-config.dto.js';

/** A configuration file, and the result of merging all of them. */
@StrictSchema()
export class Config {
  @StringField({ optional: true })
  $schema?: string;

  @StringField({ optional: true })
  theme?: string;

  @ObjectField(() => KeybindsConfig, { optional: true })
  keybinds?: KeybindsConfig;

  @Field(LogLevelType, { optional: true })
  logLevel?: LogLevel;

  @ObjectField(() => TuiConfig, { optional: true })
  tui?: TuiConfig;

  @ObjectField(() => ServerConfig, { optional: true })
  server?: ServerConfig;

  @RecordField(item.ref(() => CommandConfig), { optional: true })
  command?: Record<string, CommandConfig>;

  @ObjectField(() => SkillsConfig, { optional: true })
  skills?: SkillsConfig;

  @ObjectField(() => WatcherConfig, { optional: true })
  watcher?: WatcherConfig;

  @ArrayField(item.string(), { optional: true })
  plugin?: string[];

  @BooleanField({ optional: true })
  snapshot?: boolean;

  @EnumField(['manual', 'auto', 'disabled'], { optional: true })
  share?: 'manual' | 'auto' | 'disabled';

  @BooleanField({ optional: true })
  autoshare?: boolean;

  @UnionField(item.union(item.boolean(), item.literal('notify')), { optional: true })
  autoupdate?: boolean | 'notify';

  @ArrayField(item.string(), { optional: true })
  disabled_providers?: string[];

  @ArrayField(item.string(), { optional: true })
  enabled_providers?: string[];

  @StringField({ optional: true })
  model?: string;

  @StringField({ optional: true })
  small_model?: string;

  @StringField({ optional: true })
  default_agent?: string;

  @StringField({ optional: true })
  username?: string;

  @ObjectField(() => ModesConfig, { optional: true })
  mode?: ModesConfig;

  @ObjectField(() => AgentsConfig, { optional: true })
  agent?: AgentsConfig;

  @RecordField(item.ref(() => ProviderConfig), { optional: true })
  provider?: Record<string, ProviderConfig>;

  @RecordField(
    item.union(
      McpServerConfigType,
      item.ref(() => McpEnabledConfig),
    ),
    { optional: true },
  )
  mcp?: Record<string, McpServerConfig | McpEnabledConfig>;

  @UnionField(item.union(item.literal(false), item.record(item.ref(() => FormatterConfig))), { optional: true })
  formatter?: false | Record<string, FormatterConfig>;

  @UnionField(
    item.union(
      item.literal(false),
      item.record(
        item.union(
          item.ref(() => LspDisabledConfig),
          item.ref(() => LspServerConfig),
        ),
      ),
    ),
    { optional: true },
  )
  lsp?: false | Record<string, LspDisabledConfig | LspServerConfig>;

  @ArrayField(item.string(), { optional: true })
  instructions?: string[];

  @Field(LayoutConfigType, { optional: true })
  layout?: LayoutConfig;

  @UnionField(PermissionConfigUnion, { optional: true })
  permission?: PermissionConfig;

  @RecordField(item.boolean(), { optional: true })
  tools?: Record<string, boolean>;

  @ObjectField(() => EnterpriseConfig, { optional: true })
  enterprise?: EnterpriseConfig;

  @ObjectField(() => CompactionConfig, { optional: true })
  compaction?: CompactionConfig;

  @ObjectField(() => ExperimentalConfig, { optional: true })
  experimental?: ExperimentalConfig;
}
