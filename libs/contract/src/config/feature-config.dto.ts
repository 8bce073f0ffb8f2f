import { item } from '../field/factory.js';
import { ArrayField, BooleanField, IntegerField, StringField } from '../field/field.decorator.js';
import { InlineSchema } from '../field/schema.decorator.js';

/** A slash command. */
@InlineSchema()
export class CommandConfig {
  @StringField()
  template: string;

  @StringField({ optional: true })
  description?: string;

  @StringField({ optional: true })
  agent?: string;

  @StringField({ optional: true })
  model?: string;

  @BooleanField({ optional: true })
  subtask?: boolean;
}

/** More places to look for skills. */
@InlineSchema()
export class SkillsConfig {
  @ArrayField(item.string(), { optional: true })
  paths?: string[];

  @ArrayField(item.string(), { optional: true })
  urls?: string[];
}

/** Globs the file watcher ignores. */
@InlineSchema()
export class WatcherConfig {
  @ArrayField(item.string(), { optional: true })
  ignore?: string[];
}

/** Host for shared sessions. */
@InlineSchema()
export class EnterpriseConfig {
  @StringField({ optional: true })
  url?: string;
}

/** When conversations are summarised. */
@InlineSchema()
export class CompactionConfig {
  @BooleanField({ optional: true })
  auto?: boolean;

  @BooleanField({ optional: true })
  prune?: boolean;

  @IntegerField({ min: 0, optional: true })
  reserved?: number;
}

/** Switches that may go away. */
@InlineSchema()
export class ExperimentalConfig {
  @BooleanField({ optional: true })
  disable_paste_summary?: boolean;

  @BooleanField({ optional: true })
  batch_tool?: boolean;

  @BooleanField({ optional: true })
  openTelemetry?: boolean;

  @ArrayField(item.string(), { optional: true })
  primary_tools?: string[];

  @BooleanField({ optional: true })
  continue_loop_on_deny?: boolean;

  @IntegerField({ exclusiveMin: 0, optional: true })
  mcp_timeout?: number;
}
