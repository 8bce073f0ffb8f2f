import { item } from '../field/factory.js';
import {
  ArrayField,
  BooleanField,
  ObjectField,
  RecordField,
  StringField,
  UnionField,
} from '../field/field.decorator.js';
import { InlineSchema } from '../field/schema.decorator.js';
import { ModelRef } from './model-ref.dto.js';
import { type OutputFormat, OutputFormatUnion } from './output-format.dto.js';
import { FilePartInput, type PartInput, PartInputType } from './part-input.dto.js';

/** Body of `POST /session/:sessionID/message` and `…/prompt_async`. */
@InlineSchema()
export class PromptInput {
  @StringField({ startsWith: 'msg', optional: true })
  messageID?: string;

  @ObjectField(() => ModelRef, { optional: true })
  model?: ModelRef;

  @StringField({ optional: true })
  agent?: string;

  @BooleanField({ optional: true })
  noReply?: boolean;

  @RecordField(item.boolean(), { optional: true })
  tools?: Record<string, boolean>;

  @UnionField(OutputFormatUnion, { optional: true })
  format?: OutputFormat;

  @StringField({ optional: true })
  system?: string;

  @StringField({ optional: true })
  variant?: string;

  @ArrayField(PartInputType)
  parts: PartInput[];
}

/** Commands take files only. */
@InlineSchema()
export class CommandFilePart extends FilePartInput {}

/** Body of `POST /session/:sessionID/command`. */
@InlineSchema()
export class CommandInput {
  @StringField({ startsWith: 'msg', optional: true })
  messageID?: string;

  @StringField({ optional: true })
  agent?: string;

  @StringField({ optional: true })
  model?: string;

  @StringField()
  arguments: string;

  @StringField()
  command: string;

  @StringField({ optional: true })
  variant?: string;

  @ArrayField(item.discriminated('type', () => [CommandFilePart]), { optional: true })
  parts?: CommandFilePart[];
}
