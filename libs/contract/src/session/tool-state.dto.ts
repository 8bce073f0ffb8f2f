import { item } from '../field/factory.js';
import {
  ArrayField,
  LiteralField,
  ObjectField,
  RecordField,
  StringField,
  TimeField,
} from '../field/field.decorator.js';
import { InlineSchema } from '../field/schema.decorator.js';
import { FilePart } from './file-part.dto.js';

/** The model began the call; its input is not complete. */
export class ToolStatePending {
  @LiteralField('pending')
  status: 'pending';

  @RecordField(item.any())
  input: Record<string, unknown>;

  @StringField()
  raw: string;
}

@InlineSchema()
export class ToolStartTime {
  @TimeField()
  start: number;
}

/** The tool runs. Title and metadata may be replaced while it does. */
export class ToolStateRunning {
  @LiteralField('running')
  status: 'running';

  @RecordField(item.any())
  input: Record<string, unknown>;

  @StringField({ optional: true })
  title?: string;

  @RecordField(item.any(), { optional: true })
  metadata?: Record<string, unknown>;

  @ObjectField(() => ToolStartTime)
  time: ToolStartTime;
}

/** `compacted`: when the output was taken out of what the model sees. */
@InlineSchema()
export class ToolCompletedTime {
  @TimeField()
  start: number;

  @TimeField()
  end: number;

  @TimeField({ optional: true })
  compacted?: number;
}

/** The tool is done. */
export class ToolStateCompleted {
  @LiteralField('completed')
  status: 'completed';

  @RecordField(item.any())
  input: Record<string, unknown>;

  @StringField()
  output: string;

  @StringField()
  title: string;

  @RecordField(item.any())
  metadata: Record<string, unknown>;

  @ObjectField(() => ToolCompletedTime)
  time: ToolCompletedTime;

  @ArrayField(item.ref(() => FilePart), { optional: true })
  attachments?: FilePart[];
}

@InlineSchema()
export class ToolErrorTime {
  @TimeField()
  start: number;

  @TimeField()
  end: number;
}

/** The tool failed, was refused or was aborted. */
export class ToolStateError {
  @LiteralField('error')
  status: 'error';

  @RecordField(item.any())
  input: Record<string, unknown>;

  @StringField()
  error: string;

  @RecordField(item.any(), { optional: true })
  metadata?: Record<string, unknown>;

  @ObjectField(() => ToolErrorTime)
  time: ToolErrorTime;
}

export type ToolState = ToolStatePending | ToolStateRunning | ToolStateCompleted | ToolStateError;
export const ToolStateUnion = item.named(
  'ToolState',
  item.discriminated('status', () => [ToolStatePending, ToolStateRunning, ToolStateCompleted, ToolStateError]),
);
