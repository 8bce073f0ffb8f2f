import { item } from '../field/factory.js';
import {
  AnyField,
  ArrayField,
  BooleanField,
  LiteralField,
  NumberField,
  ObjectField,
  RecordField,
  StringField,
  TimeField,
  UnionField,
} from '../field/field.decorator.js';
import { InlineSchema } from '../field/schema.decorator.js';
import { FileDiff } from './file-diff.dto.js';
import { type MessageError, MessageErrorType } from './message-error.dto.js';
import { ModelRef } from './model-ref.dto.js';
import { type OutputFormat, OutputFormatUnion } from './output-format.dto.js';
import { type Part, PartUnion } from './part.dto.js';
import { CreatedTime } from './time.dto.js';
import { TokenUsage } from './token-usage.dto.js';

/** Files that changed while the message was answered. */
@InlineSchema()
export class UserMessageSummary {
  @StringField({ optional: true })
  title?: string;

  @StringField({ optional: true })
  body?: string;

  @ArrayField(item.ref(() => FileDiff))
  diffs: FileDiff[];
}

/** A prompt. Its text and files are parts. */
export class UserMessage {
  @StringField()
  id: string;

  @StringField()
  sessionID: string;

  @LiteralField('user')
  role: 'user';

  @ObjectField(() => CreatedTime)
  time: CreatedTime;

  @UnionField(OutputFormatUnion, { optional: true })
  format?: OutputFormat;

  @ObjectField(() => UserMessageSummary, { optional: true })
  summary?: UserMessageSummary;

  @StringField()
  agent: string;

  @ObjectField(() => ModelRef)
  model: ModelRef;

  @StringField({ optional: true })
  system?: string;

  @RecordField(item.boolean(), { optional: true })
  tools?: Record<string, boolean>;

  @StringField({ optional: true })
  variant?: string;
}

/** `completed` is absent while the step runs. */
@InlineSchema()
export class AssistantMessageTime {
  @TimeField()
  created: number;

  @TimeField({ optional: true })
  completed?: number;
}

/** Where the step ran: working directory and worktree. */
@InlineSchema()
export class AssistantMessagePath {
  @StringField()
  cwd: string;

  @StringField()
  root: string;
}

/** One model step. A prompt with tool rounds has several, all with the prompt as `parentID`. */
export class AssistantMessage {
  @StringField()
  id: string;

  @StringField()
  sessionID: string;

  @LiteralField('assistant')
  role: 'assistant';

  @ObjectField(() => AssistantMessageTime)
  time: AssistantMessageTime;

  @UnionField(MessageErrorType, { optional: true })
  error?: MessageError;

  @StringField()
  parentID: string;

  @StringField()
  modelID: string;

  @StringField()
  providerID: string;

  @StringField()
  mode: string;

  @StringField()
  agent: string;

  @ObjectField(() => AssistantMessagePath)
  path: AssistantMessagePath;

  @BooleanField({ optional: true })
  summary?: boolean;

  @NumberField()
  cost: number;

  @ObjectField(() => TokenUsage)
  tokens: TokenUsage;

  @AnyField({ optional: true })
  structured?: unknown;

  @StringField({ optional: true })
  variant?: string;

  @StringField({ optional: true })
  finish?: string;
}

export type Message = UserMessage | AssistantMessage;
export const MessageUnion = item.named(
  'Message',
  item.discriminated('role', () => [UserMessage, AssistantMessage]),
);

/** A message and its parts, in order. */
@InlineSchema()
export class MessageWithParts {
  @UnionField(MessageUnion)
  info: Message;

  @ArrayField(PartUnion)
  parts: Part[];
}

/** What a prompt answers: the last assistant message. */
@InlineSchema()
export class AssistantMessageWithParts {
  @ObjectField(() => AssistantMessage)
  info: AssistantMessage;

  @ArrayField(PartUnion)
  parts: Part[];
}
