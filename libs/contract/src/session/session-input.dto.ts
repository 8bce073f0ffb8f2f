import { BooleanField, Field, ObjectField, StringField, TimeField } from '../field/field.decorator.js';
import { InlineSchema } from '../field/schema.decorator.js';
import { type PermissionRuleset, PermissionRulesetType } from '../permission.dto.js';
import { ModelRef } from './model-ref.dto.js';

/** Body of `POST /session`. */
@InlineSchema()
export class SessionCreateInput {
  @StringField({ startsWith: 'ses', optional: true })
  parentID?: string;

  @StringField({ optional: true })
  title?: string;

  @Field(PermissionRulesetType, { optional: true })
  permission?: PermissionRuleset;
}

/** `archived` hides the session from lists; it cannot be unset. */
@InlineSchema()
export class SessionUpdateTime {
  @TimeField({ optional: true })
  archived?: number;
}

/** Body of `PATCH /session/:sessionID`. */
@InlineSchema()
export class SessionUpdateInput {
  @StringField({ optional: true })
  title?: string;

  @ObjectField(() => SessionUpdateTime, { optional: true })
  time?: SessionUpdateTime;
}

/** Body of `POST /session/:sessionID/init`. */
@InlineSchema()
export class SessionInitInput {
  @StringField()
  modelID: string;

  @StringField()
  providerID: string;

  @StringField({ startsWith: 'msg' })
  messageID: string;
}

/** Body of `POST /session/:sessionID/fork`: the copy ends before this message. */
@InlineSchema()
export class SessionForkInput {
  @StringField({ startsWith: 'msg', optional: true })
  messageID?: string;
}

/** Body of `POST /session/:sessionID/summarize`. */
@InlineSchema()
export class SummarizeInput {
  @StringField()
  providerID: string;

  @StringField()
  modelID: string;

  @BooleanField({ optional: true, default: false })
  auto?: boolean;
}

/** Body of `POST /session/:sessionID/shell`. */
@InlineSchema()
export class ShellInput {
  @StringField()
  agent: string;

  @ObjectField(() => ModelRef, { optional: true })
  model?: ModelRef;

  @StringField()
  command: string;
}

/** Body of `POST /session/:sessionID/revert`. */
@InlineSchema()
export class RevertInput {
  @StringField({ startsWith: 'msg' })
  messageID: string;

  @StringField({ startsWith: 'prt', optional: true })
  partID?: string;
}
