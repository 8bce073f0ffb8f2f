import { item } from '../field/factory.js';
import { ArrayField, Field, UnionField } from '../field/field.decorator.js';
import { InlineSchema, OpenSchema } from '../field/schema.decorator.js';

export type PermissionActionConfig = 'ask' | 'allow' | 'deny';
export const PermissionActionConfigType = item.named('PermissionActionConfig', item.enum(['ask', 'allow', 'deny']));

export type PermissionObjectConfig = Record<string, PermissionActionConfig>;
export const PermissionObjectConfigType = item.named('PermissionObjectConfig', item.record(PermissionActionConfigType));

export type PermissionRuleConfig = PermissionActionConfig | PermissionObjectConfig;
export const PermissionRuleConfigUnion = item.named(
  'PermissionRuleConfig',
  item.union(PermissionActionConfigType, PermissionObjectConfigType),
);

/** Rules by permission key; their order counts. Other keys are names of tools or wildcards. */
@InlineSchema()
@OpenSchema(PermissionRuleConfigUnion)
export class PermissionRulesConfig {
  @ArrayField(item.string(), { optional: true })
  __originalKeys?: string[];

  @UnionField(PermissionRuleConfigUnion, { optional: true })
  read?: PermissionRuleConfig;

  @UnionField(PermissionRuleConfigUnion, { optional: true })
  edit?: PermissionRuleConfig;

  @UnionField(PermissionRuleConfigUnion, { optional: true })
  glob?: PermissionRuleConfig;

  @UnionField(PermissionRuleConfigUnion, { optional: true })
  grep?: PermissionRuleConfig;

  @UnionField(PermissionRuleConfigUnion, { optional: true })
  list?: PermissionRuleConfig;

  @UnionField(PermissionRuleConfigUnion, { optional: true })
  bash?: PermissionRuleConfig;

  @UnionField(PermissionRuleConfigUnion, { optional: true })
  task?: PermissionRuleConfig;

  @UnionField(PermissionRuleConfigUnion, { optional: true })
  external_directory?: PermissionRuleConfig;

  @Field(PermissionActionConfigType, { optional: true })
  todowrite?: PermissionActionConfig;

  @Field(PermissionActionConfigType, { optional: true })
  todoread?: PermissionActionConfig;

  @Field(PermissionActionConfigType, { optional: true })
  question?: PermissionActionConfig;

  @Field(PermissionActionConfigType, { optional: true })
  webfetch?: PermissionActionConfig;

  @Field(PermissionActionConfigType, { optional: true })
  websearch?: PermissionActionConfig;

  @Field(PermissionActionConfigType, { optional: true })
  codesearch?: PermissionActionConfig;

  @UnionField(PermissionRuleConfigUnion, { optional: true })
  lsp?: PermissionRuleConfig;

  @Field(PermissionActionConfigType, { optional: true })
  doom_loop?: PermissionActionConfig;

  @UnionField(PermissionRuleConfigUnion, { optional: true })
  skill?: PermissionRuleConfig;

  [key: string]: PermissionRuleConfig | string[] | undefined;
}

export type PermissionConfig = PermissionRulesConfig | PermissionActionConfig;
export const PermissionConfigUnion = item.named(
  'PermissionConfig',
  item.union(
    item.ref(() => PermissionRulesConfig),
    PermissionActionConfigType,
  ),
);
