import { item } from '../field/factory.js';
import {
  ArrayField,
  BooleanField,
  IntegerField,
  LiteralField,
  NumberField,
  ObjectField,
  RecordField,
  StringField,
  UnionField,
} from '../field/field.decorator.js';
import { InlineSchema } from '../field/schema.decorator.js';
import { FilePart } from './file-part.dto.js';
import { APIError } from './message-error.dto.js';
import { ModelRef } from './model-ref.dto.js';
import { PartIdentity } from './part-identity.dto.js';
import { CreatedTime, PartTime } from './time.dto.js';
import { TokenUsage } from './token-usage.dto.js';
import { type ToolState, ToolStateUnion } from './tool-state.dto.js';

/** Text. `synthetic` text was added by the server, not written by the person. */
export class TextPart extends PartIdentity {
  @LiteralField('text')
  type: 'text';

  @StringField()
  text: string;

  @BooleanField({ optional: true })
  synthetic?: boolean;

  @BooleanField({ optional: true })
  ignored?: boolean;

  @ObjectField(() => PartTime, { optional: true })
  time?: PartTime;

  @RecordField(item.any(), { optional: true })
  metadata?: Record<string, unknown>;
}

/** Work to hand to a subagent without asking the model. */
export class SubtaskPart extends PartIdentity {
  @LiteralField('subtask')
  type: 'subtask';

  @StringField()
  prompt: string;

  @StringField()
  description: string;

  @StringField()
  agent: string;

  @ObjectField(() => ModelRef, { optional: true })
  model?: ModelRef;

  @StringField({ optional: true })
  command?: string;
}

/** What the model thought before it answered. */
export class ReasoningPart extends PartIdentity {
  @LiteralField('reasoning')
  type: 'reasoning';

  @StringField()
  text: string;

  @RecordField(item.any(), { optional: true })
  metadata?: Record<string, unknown>;

  @ObjectField(() => PartTime)
  time: PartTime;
}

/** A tool call and its result. */
export class ToolPart extends PartIdentity {
  @LiteralField('tool')
  type: 'tool';

  @StringField()
  callID: string;

  @StringField()
  tool: string;

  @UnionField(ToolStateUnion)
  state: ToolState;

  @RecordField(item.any(), { optional: true })
  metadata?: Record<string, unknown>;
}

/** First part of a model step; the snapshot is the git tree before it. */
export class StepStartPart extends PartIdentity {
  @LiteralField('step-start')
  type: 'step-start';

  @StringField({ optional: true })
  snapshot?: string;
}

/** End of a model step: why, and what it cost. */
export class StepFinishPart extends PartIdentity {
  @LiteralField('step-finish')
  type: 'step-finish';

  @StringField()
  reason: string;

  @StringField({ optional: true })
  snapshot?: string;

  @NumberField()
  cost: number;

  @ObjectField(() => TokenUsage)
  tokens: TokenUsage;
}

/** A git tree. Not produced any more. */
export class SnapshotPart extends PartIdentity {
  @LiteralField('snapshot')
  type: 'snapshot';

  @StringField()
  snapshot: string;
}

/** Files that changed in a step; `hash` is the tree before. */
export class PatchPart extends PartIdentity {
  @LiteralField('patch')
  type: 'patch';

  @StringField()
  hash: string;

  @ArrayField(item.string())
  files: string[];
}

/** Where in the prompt’s text the mention stands. */
@InlineSchema()
export class AgentPartSource {
  @StringField()
  value: string;

  @IntegerField()
  start: number;

  @IntegerField()
  end: number;
}

/** A mention of an agent. */
export class AgentPart extends PartIdentity {
  @LiteralField('agent')
  type: 'agent';

  @StringField()
  name: string;

  @ObjectField(() => AgentPartSource, { optional: true })
  source?: AgentPartSource;
}

/** A failed attempt at a model call. Not produced any more. */
export class RetryPart extends PartIdentity {
  @LiteralField('retry')
  type: 'retry';

  @NumberField()
  attempt: number;

  @ObjectField(() => APIError)
  error: APIError;

  @ObjectField(() => CreatedTime)
  time: CreatedTime;
}

/** Asks for the conversation so far to be summarised. */
export class CompactionPart extends PartIdentity {
  @LiteralField('compaction')
  type: 'compaction';

  @BooleanField()
  auto: boolean;
}

export type Part =
  | TextPart
  | SubtaskPart
  | ReasoningPart
  | FilePart
  | ToolPart
  | StepStartPart
  | StepFinishPart
  | SnapshotPart
  | PatchPart
  | AgentPart
  | RetryPart
  | CompactionPart;
export const PartUnion = item.named(
  'Part',
  item.discriminated('type', () => [
    TextPart,
    SubtaskPart,
    ReasoningPart,
    FilePart,
    ToolPart,
    StepStartPart,
    StepFinishPart,
    SnapshotPart,
    PatchPart,
    AgentPart,
    RetryPart,
    CompactionPart,
  ]),
);
