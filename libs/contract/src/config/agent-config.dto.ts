import { item } from '../field/factory.js';
import {
  BooleanField,
  EnumField,
  IntegerField,
  NumberField,
  ObjectField,
  RecordField,
  StringField,
  UnionField,
} from '../field/field.decorator.js';
import { InlineSchema, OpenSchema } from '../field/schema.decorator.js';
import { type PermissionConfig, PermissionConfigUnion } from './permission-config.dto.js';

/** Definition or override of an agent. Unknown keys are options for the provider. */
@OpenSchema(item.any())
export class AgentConfig {
  @StringField({ optional: true })
  model?: string;

  @StringField({ optional: true })
  variant?: string;

  @NumberField({ optional: true })
  temperature?: number;

  @NumberField({ optional: true })
  top_p?: number;

  @StringField({ optional: true })
  prompt?: string;

  @RecordField(item.boolean(), { optional: true })
  tools?: Record<string, boolean>;

  @BooleanField({ optional: true })
  disable?: boolean;

  @StringField({ optional: true })
  description?: string;

  @EnumField(['subagent', 'primary', 'all'], { optional: true })
  mode?: 'subagent' | 'primary' | 'all';

  @BooleanField({ optional: true })
  hidden?: boolean;

  @RecordField(item.any(), { optional: true })
  options?: Record<string, unknown>;

  @UnionField(
    item.union(
      item.string({ pattern: /^#[0-9a-fA-F]{6}$/ }),
      item.enum(['primary', 'secondary', 'accent', 'success', 'warning', 'error', 'info']),
    ),
    { optional: true },
  )
  color?: string;

  @IntegerField({ exclusiveMin: 0, optional: true })
  steps?: number;

  @IntegerField({ exclusiveMin: 0, optional: true })
  maxSteps?: number;

  @UnionField(PermissionConfigUnion, { optional: true })
  permission?: PermissionConfig;

  [key: string]: unknown;
}

/** Agents under their former name. */
@InlineSchema()
@OpenSchema(item.ref(() => AgentConfig))
export class ModesConfig {
  @ObjectField(() => AgentConfig, { optional: true })
  build?: AgentConfig;

  @ObjectField(() => AgentConfig, { optional: true })
  plan?: AgentConfig;

  [key: string]: AgentConfig | undefined;
}

/** Agents by name; the built-in ones are spelled out. */
@InlineSchema()
@OpenSchema(item.ref(() => AgentConfig))
export class AgentsConfig {
  @ObjectField(() => AgentConfig, { optional: true })
  plan?: AgentConfig;

  @ObjectField(() => AgentConfig, { optional: true })
  build?: AgentConfig;

  @ObjectField(() => AgentConfig, { optional: true })
  general?: AgentConfig;

  @ObjectField(() => AgentConfig, { optional: true })
  explore?: AgentConfig;

  @ObjectField(() => AgentConfig, { optional: true })
  title?: AgentConfig;

  @ObjectField(() => AgentConfig, { optional: true })
  summary?: AgentConfig;

  @ObjectField(() => AgentConfig, { optional: true })
  compaction?: AgentConfig;

  [key: string]: AgentConfig | undefined;
}
