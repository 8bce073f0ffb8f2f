import { item } from './field/factory.js';
import { ArrayField, EnumField, Field, ObjectField, RecordField, StringField } from './field/field.decorator.js';
import { InlineSchema } from './field/schema.decorator.js';
import { ToolCallRef } from './session/model-ref.dto.js';

export type PermissionAction = 'allow' | 'deny' | 'ask';
export const PermissionActionType = item.named('PermissionAction', item.enum(['allow', 'deny', 'ask']));

/** `*` and `?` are wildcards; the last rule that matches decides. */
export class PermissionRule {
  @StringField()
  permission: string;

  @StringField()
  pattern: string;

  @Field(PermissionActionType)
  action: PermissionAction;
}

export type PermissionRuleset = PermissionRule[];
export const PermissionRulesetType = item.named('PermissionRuleset', item.array(item.ref(() => PermissionRule)));

/** A tool call that waits for a person’s permission. */
export class PermissionRequest {
  @StringField({ startsWith: 'per' })
  id: string;

  @StringField({ startsWith: 'ses' })
  sessionID: string;

  @StringField()
  permission: string;

  @ArrayField(item.string())
  patterns: string[];

  @RecordField(item.any())
  metadata: Record<string, unknown>;

  @ArrayField(item.string())
  always: string[];

  @ObjectField(() => ToolCallRef, { optional: true })
  tool?: ToolCallRef;
}

/** Body of `POST /permission/:requestID/reply`; `message` tells the model why it was rejected. */
@InlineSchema()
export class PermissionReplyInput {
  @EnumField(['once', 'always', 'reject'])
  reply: 'once' | 'always' | 'reject';

  @StringField({ optional: true })
  message?: string;
}

/** Body of the older `POST /session/:sessionID/permissions/:permissionID`. */
@InlineSchema()
export class PermissionRespondInput {
  @EnumField(['once', 'always', 'reject'])
  response: 'once' | 'always' | 'reject';
}
