import { item } from '../field/factory.js';
import {
  BooleanField,
  LiteralField,
  ObjectField,
  RecordField,
  StringField,
  UnionField,
} from '../field/field.decorator.js';
import { type FilePartSource, FilePartSourceUnion } from './file-source.dto.js';
import { ModelRef } from './model-ref.dto.js';
import { AgentPartSource } from './part.dto.js';
import { PartTime } from './time.dto.js';

/** Text of a prompt. */
export class TextPartInput {
  @StringField({ optional: true })
  id?: string;

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

/** A file of a prompt. */
export class FilePartInput {
  @StringField({ optional: true })
  id?: string;

  @LiteralField('file')
  type: 'file';

  @StringField()
  mime: string;

  @StringField({ optional: true })
  filename?: string;

  @StringField()
  url: string;

  @UnionField(FilePartSourceUnion, { optional: true })
  source?: FilePartSource;
}

/** A mention of an agent in a prompt. */
export class AgentPartInput {
  @StringField({ optional: true })
  id?: string;

  @LiteralField('agent')
  type: 'agent';

  @StringField()
  name: string;

  @ObjectField(() => AgentPartSource, { optional: true })
  source?: AgentPartSource;
}

/** Work for a subagent, as a prompt. */
export class SubtaskPartInput {
  @StringField({ optional: true })
  id?: string;

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

export type PartInput = TextPartInput | FilePartInput | AgentPartInput | SubtaskPartInput;
export const PartInputType = item.discriminated('type', () => [
  TextPartInput,
  FilePartInput,
  AgentPartInput,
  SubtaskPartInput,
]);
