import { item } from '../field/factory.js';
import { ArrayField, Field, NumberField, ObjectField, StringField, TimeField } from '../field/field.decorator.js';
import { InlineSchema } from '../field/schema.decorator.js';
import { type PermissionRuleset, PermissionRulesetType } from '../permission.dto.js';
import { FileDiff } from './file-diff.dto.js';

/** Totals of the files a session changed. */
@InlineSchema()
export class SessionSummary {
  @NumberField()
  additions: number;

  @NumberField()
  deletions: number;

  @NumberField()
  files: number;

  @ArrayField(item.ref(() => FileDiff), { optional: true })
  diffs?: FileDiff[];
}

/** Where the shared session can be read. */
@InlineSchema()
export class SessionShare {
  @StringField()
  url: string;
}

/** Moments in a session’s life. */
@InlineSchema()
export class SessionTime {
  @TimeField()
  created: number;

  @TimeField()
  updated: number;

  @TimeField({ optional: true })
  compacting?: number;

  @TimeField({ optional: true })
  archived?: number;
}

/** Marks a session as reverted to before a message or part, until the next prompt or unrevert. */
@InlineSchema()
export class SessionRevert {
  @StringField()
  messageID: string;

  @StringField({ optional: true })
  partID?: string;

  @StringField({ optional: true })
  snapshot?: string;

  @StringField({ optional: true })
  diff?: string;
}

/** A conversation in one directory. Optional properties are absent until they are set. */
export class Session {
  @StringField({ startsWith: 'ses' })
  id: string;

  @StringField()
  slug: string;

  @StringField()
  projectID: string;

  @StringField()
  directory: string;

  @StringField({ startsWith: 'ses', optional: true })
  parentID?: string;

  @ObjectField(() => SessionSummary, { optional: true })
  summary?: SessionSummary;

  @ObjectField(() => SessionShare, { optional: true })
  share?: SessionShare;

  @StringField()
  title: string;

  @StringField()
  version: string;

  @ObjectField(() => SessionTime)
  time: SessionTime;

  @Field(PermissionRulesetType, { optional: true })
  permission?: PermissionRuleset;

  @ObjectField(() => SessionRevert, { optional: true })
  revert?: SessionRevert;
}
