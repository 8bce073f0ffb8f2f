import { BooleanField, EnumField, IntegerField, NumberField, StringField } from './field/field.decorator.js';
import { InlineSchema } from './field/schema.decorator.js';

/** What every route of an instance takes. */
@InlineSchema()
export class DirectoryQuery {
  @StringField({ optional: true, description: 'Project directory; the header x-opencode-directory does the same' })
  directory?: string;
}

/** Query of `GET /session`. */
@InlineSchema()
export class SessionListQuery extends DirectoryQuery {
  @BooleanField({ optional: true, coerce: true, description: 'Only sessions without a parent' })
  roots?: boolean;

  @NumberField({ optional: true, coerce: true, description: 'Only sessions updated since, ms since 1970' })
  start?: number;

  @StringField({ optional: true, description: 'Text in the title' })
  search?: string;

  @NumberField({ optional: true, coerce: true, description: 'Most sessions to answer' })
  limit?: number;
}

/** Query of `GET /session/:sessionID/message`. */
@InlineSchema()
export class MessageListQuery extends DirectoryQuery {
  @NumberField({ optional: true, coerce: true, description: 'Only the newest messages; 0 is all' })
  limit?: number;
}

/** Query of `GET /session/:sessionID/diff`. */
@InlineSchema()
export class SessionDiffQuery extends DirectoryQuery {
  @StringField({ optional: true, startsWith: 'msg' })
  messageID?: string;
}

/** Query of `GET /experimental/tool`. */
@InlineSchema()
export class ToolListQuery extends DirectoryQuery {
  @StringField()
  provider: string;

  @StringField()
  model: string;
}

/** Query of `GET /find`. */
@InlineSchema()
export class FindTextQuery extends DirectoryQuery {
  @StringField({ description: 'Regular expression' })
  pattern: string;
}

/** Query of `GET /find/file`. */
@InlineSchema()
export class FindFilesQuery extends DirectoryQuery {
  @StringField()
  query: string;

  @EnumField(['true', 'false'], { optional: true, description: 'Whether directories are found too' })
  dirs?: 'true' | 'false';

  @EnumField(['file', 'directory'], { optional: true })
  type?: 'file' | 'directory';

  @IntegerField({ optional: true, coerce: true, min: 1, max: 200 })
  limit?: number;
}

/** Query of `GET /find/symbol`. */
@InlineSchema()
export class FindSymbolsQuery extends DirectoryQuery {
  @StringField()
  query: string;
}

/** Query of `GET /file` and `GET /file/content`. */
@InlineSchema()
export class FilePathQuery extends DirectoryQuery {
  @StringField({ description: 'Path relative to the directory' })
  path: string;
}

/** Of a terminal's WebSocket. */
@InlineSchema()
export class PtyConnectQuery extends DirectoryQuery {
  @StringField({ optional: true, description: 'Position in the output to start from; -1 is its end' })
  cursor?: string;
}
