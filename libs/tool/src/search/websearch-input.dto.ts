import { EnumField, InlineSchema, IntegerField, StringField } from '#libs/contract';

@InlineSchema()
export class WebSearchInput {
  @StringField({ minLength: 1, description: 'What to look for' })
  query: string;

  @IntegerField({ optional: true, coerce: true, default: 8, min: 1, max: 100, description: 'How many pages to find' })
  numResults?: number;

  @EnumField(['fallback', 'preferred'], {
    optional: true,
    default: 'fallback',
    description: 'fallback: fetch pages anew only when they are not stored; preferred: whenever it can be done',
  })
  livecrawl?: 'fallback' | 'preferred';

  @EnumField(['auto', 'fast', 'deep'], { optional: true, default: 'auto', description: 'How thorough to be' })
  type?: 'auto' | 'fast' | 'deep';

  @IntegerField({ optional: true, coerce: true, min: 1, description: 'Characters of the answer, at most' })
  contextMaxCharacters?: number;
}
