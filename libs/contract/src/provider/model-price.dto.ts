import { item } from '../field/factory.js';
import { ArrayField, EnumField, NumberField, ObjectField, StringField } from '../field/field.decorator.js';
import { InlineSchema, StrictSchema } from '../field/schema.decorator.js';

/** Field of the answer in which reasoning comes between tool calls. */
@InlineSchema()
@StrictSchema()
export class InterleavedConfig {
  @EnumField(['reasoning_content', 'reasoning_details'])
  field: 'reasoning_content' | 'reasoning_details';
}

/** Prices in US dollars per million tokens. */
@InlineSchema()
export class ModelPriceTierConfig {
  @NumberField()
  input: number;

  @NumberField()
  output: number;

  @NumberField({ optional: true })
  cache_read?: number;

  @NumberField({ optional: true })
  cache_write?: number;
}

/** Prices in US dollars per million tokens. */
@InlineSchema()
export class ModelPriceConfig extends ModelPriceTierConfig {
  @ObjectField(() => ModelPriceTierConfig, { optional: true })
  context_over_200k?: ModelPriceTierConfig;
}

/** Kinds of content a model takes and gives. */
@InlineSchema()
export class ModelModalitiesConfig {
  @ArrayField(item.enum(['text', 'audio', 'image', 'video', 'pdf']))
  input: ('text' | 'audio' | 'image' | 'video' | 'pdf')[];

  @ArrayField(item.enum(['text', 'audio', 'image', 'video', 'pdf']))
  output: ('text' | 'audio' | 'image' | 'video' | 'pdf')[];
}

/** Adapter package and base URL that differ from the provider’s. */
@InlineSchema()
export class ModelProviderConfig {
  @StringField({ optional: true })
  npm?: string;

  @StringField({ optional: true })
  api?: string;
}
