import { ArrayField, BooleanField, InlineSchema, StringField, item } from '#libs/contract';

@InlineSchema()
export class QuestionOptionInput {
  @StringField({ description: 'The choice, in one to five words' })
  label: string;

  @StringField({ description: 'What the choice means' })
  description: string;
}

@InlineSchema()
export class QuestionItemInput {
  @StringField({ description: 'The whole question' })
  question: string;

  @StringField({ description: 'A very short heading, at most 30 characters' })
  header: string;

  @ArrayField(item.ref(() => QuestionOptionInput), { description: 'The choices' })
  options: QuestionOptionInput[];

  @BooleanField({ optional: true, description: 'Whether several choices may be taken' })
  multiple?: boolean;
}

@InlineSchema()
export class QuestionInput {
  @ArrayField(item.ref(() => QuestionItemInput), { description: 'What to ask, all at once' })
  questions: QuestionItemInput[];
}
