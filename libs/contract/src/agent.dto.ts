import { item } from './field/factory.js';
import {
  BooleanField,
  EnumField,
  Field,
  IntegerField,
  NumberField,
  ObjectField,
  RecordField,
  StringField,
} from './field/field.decorator.js';
import { type PermissionRuleset, PermissionRulesetType } from './permission.dto.js';
import { ModelRef } from './session/model-ref.dto.js';

/** A persona of the model: prompt, model and permissions. */
export class Agent {
  @StringField()
  name: string;

  @StringField({ optional: true })
  description?: string;

  @EnumField(['subagent', 'primary', 'all'])
  mode: 'subagent' | 'primary' | 'all';

  @BooleanField({ optional: true })
  native?: boolean;

  @BooleanField({ optional: true })
  hidden?: boolean;

  @NumberField({ optional: true })
  topP?: number;

  @NumberField({ optional: true })
  temperature?: number;

  @StringField({ optional: true })
  color?: string;

  @Field(PermissionRulesetType)
  permission: PermissionRuleset;

  @ObjectField(() => ModelRef, { optional: true })
  model?: ModelRef;

  @StringField({ optional: true })
  variant?: string;

  @StringField({ optional: true })
  prompt?: string;

  @RecordField(item.any())
  options: Record<string, unknown>;

  @IntegerField({ exclusiveMin: 0, optional: true })
  steps?: number;
}
