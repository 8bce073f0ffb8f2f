import { ArrayField, EnumField, StringField } from '../field/field.decorator.js';
import { InlineSchema } from '../field/schema.decorator.js';
import { PermissionRequest } from '../permission.dto.js';
import { type QuestionAnswer, QuestionAnswerType, QuestionRequest } from '../question.dto.js';
import { wireEvent } from './wire-event.js';

@InlineSchema()
export class PermissionRepliedProperties {
  @StringField()
  sessionID: string;

  @StringField()
  requestID: string;

  @EnumField(['once', 'always', 'reject'])
  reply: 'once' | 'always' | 'reject';
}

@InlineSchema()
export class QuestionRepliedProperties {
  @StringField()
  sessionID: string;

  @StringField()
  requestID: string;

  @ArrayField(QuestionAnswerType)
  answers: QuestionAnswer[];
}

@InlineSchema()
export class QuestionRejectedProperties {
  @StringField()
  sessionID: string;

  @StringField()
  requestID: string;
}

export class PermissionAskedEvent extends wireEvent('permission.asked', () => PermissionRequest) {}

export class PermissionRepliedEvent extends wireEvent('permission.replied', () => PermissionRepliedProperties) {}

export class QuestionAskedEvent extends wireEvent('question.asked', () => QuestionRequest) {}

export class QuestionRepliedEvent extends wireEvent('question.replied', () => QuestionRepliedProperties) {}

export class QuestionRejectedEvent extends wireEvent('question.rejected', () => QuestionRejectedProperties) {}
