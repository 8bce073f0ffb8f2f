import { MessageData, NoData } from '../error.dto.js';
import { item } from '../field/factory.js';
import type { ItemType } from '../field/item.js';
import {
  BooleanField,
  LiteralField,
  NumberField,
  ObjectField,
  RecordField,
  StringField,
} from '../field/field.decorator.js';
import { InlineSchema } from '../field/schema.decorator.js';

@InlineSchema()
export class ProviderAuthErrorData {
  @StringField()
  providerID: string;

  @StringField()
  message: string;
}

/** A provider has no usable credential. */
export class ProviderAuthError {
  @LiteralField('ProviderAuthError')
  name: 'ProviderAuthError';

  @ObjectField(() => ProviderAuthErrorData)
  data: ProviderAuthErrorData;
}

/** Anything without a name of its own. */
export class UnknownError {
  @LiteralField('UnknownError')
  name: 'UnknownError';

  @ObjectField(() => MessageData)
  data: MessageData;
}

/** The model reached its output limit. */
export class MessageOutputLengthError {
  @LiteralField('MessageOutputLengthError')
  name: 'MessageOutputLengthError';

  @ObjectField(() => NoData)
  data: NoData;
}

/** The run was aborted. */
export class MessageAbortedError {
  @LiteralField('MessageAbortedError')
  name: 'MessageAbortedError';

  @ObjectField(() => MessageData)
  data: MessageData;
}

@InlineSchema()
export class StructuredOutputErrorData {
  @StringField()
  message: string;

  @NumberField()
  retries: number;
}

/** The model did not give the structured answer that was asked for. */
export class StructuredOutputError {
  @LiteralField('StructuredOutputError')
  name: 'StructuredOutputError';

  @ObjectField(() => StructuredOutputErrorData)
  data: StructuredOutputErrorData;
}

@InlineSchema()
export class ContextOverflowErrorData {
  @StringField()
  message: string;

  @StringField({ optional: true })
  responseBody?: string;
}

/** The conversation does not fit the model’s context. */
export class ContextOverflowError {
  @LiteralField('ContextOverflowError')
  name: 'ContextOverflowError';

  @ObjectField(() => ContextOverflowErrorData)
  data: ContextOverflowErrorData;
}

@InlineSchema()
export class APIErrorData {
  @StringField()
  message: string;

  @NumberField({ optional: true })
  statusCode?: number;

  @BooleanField()
  isRetryable: boolean;

  @RecordField(item.string(), { optional: true })
  responseHeaders?: Record<string, string>;

  @StringField({ optional: true })
  responseBody?: string;

  @RecordField(item.string(), { optional: true })
  metadata?: Record<string, string>;
}

/** The provider answered with an error. */
export class APIError {
  @LiteralField('APIError')
  name: 'APIError';

  @ObjectField(() => APIErrorData)
  data: APIErrorData;
}

/** Why an assistant message failed. */
export const MessageErrorType = item.discriminated('name', () => [
  ProviderAuthError,
  UnknownError,
  MessageOutputLengthError,
  MessageAbortedError,
  StructuredOutputError,
  ContextOverflowError,
  APIError,
]);
export type MessageError = ItemType<typeof MessageErrorType>;
