import { item } from './field/factory.js';
import { ArrayField, BooleanField, ObjectField, StringField } from './field/field.decorator.js';
import { InlineSchema } from './field/schema.decorator.js';
import { ToolCallRef } from './session/model-ref.dto.js';

/** One choice. */
export class QuestionOption {
  @StringField()
  label: string;

  @StringField()
  description: string;
}

/** A question with choices. */
export class QuestionInfo {
  @StringField()
  question: string;

  @StringField()
  header: string;

  @ArrayField(item.ref(() => QuestionOption))
  options: QuestionOption[];

  @BooleanField({ optional: true })
  multiple?: boolean;

  @BooleanField({ optional: true })
  custom?: boolean;
}

/** A tool call that waits for a person’s answers. */
export class QuestionRequest {
  @StringField({ startsWith: 'que' })
  id: string;

  @StringField({ startsWith: 'ses' })
  sessionID: string;

  @ArrayField(item.ref(() => QuestionInfo))
  questions: QuestionInfo[];

  @ObjectField(() => ToolCallRef, { optional: true })
  tool?: ToolCallRef;
}

export type QuestionAnswer = string[];
export const QuestionAnswerType = item.named('QuestionAnswer', item.array(item.string()));

/** Body of `POST /question/:requestID/reply`: the chosen labels, question by question. */
@InlineSchema()
export class QuestionReplyInput {
  @ArrayField(QuestionAnswerType)
  answers: QuestionAnswer[];
}
