import { NumberField, ObjectField } from '../field/field.decorator.js';
import { InlineSchema } from '../field/schema.decorator.js';

/** Tokens read from and written to the provider’s cache. */
@InlineSchema()
export class CacheTokens {
  @NumberField()
  read: number;

  @NumberField()
  write: number;
}

/** Tokens of one model call. `input` excludes what came from or went to the cache. */
@InlineSchema()
export class TokenUsage {
  @NumberField({ optional: true })
  total?: number;

  @NumberField()
  input: number;

  @NumberField()
  output: number;

  @NumberField()
  reasoning: number;

  @ObjectField(() => CacheTokens)
  cache: CacheTokens;
}
