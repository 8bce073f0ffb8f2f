import { item } from '../field/factory.js';
import {
  ArrayField,
  BooleanField,
  EnumField,
  ObjectField,
  RecordField,
  StringField,
  UnionField,
} from '../field/field.decorator.js';
import { InlineSchema, OpenSchema, StrictSchema } from '../field/schema.decorator.js';
import {
  InterleavedConfig,
  ModelModalitiesConfig,
  ModelPriceConfig,
  ModelProviderConfig,
} from '../provider/model-price.dto.js';
import { ModelLimit } from '../provider/model.dto.js';

/** Options of a model variant. */
@InlineSchema()
@OpenSchema(item.any())
export class ModelVariantConfig {
  @BooleanField({ optional: true })
  disabled?: boolean;

  [key: string]: unknown;
}

/** Definition or override of a model. */
@InlineSchema()
export class ProviderModelConfig {
  @StringField({ optional: true })
  id?: string;

  @StringField({ optional: true })
  name?: string;

  @StringField({ optional: true })
  family?: string;

  @StringField({ optional: true })
  release_date?: string;

  @BooleanField({ optional: true })
  attachment?: boolean;

  @BooleanField({ optional: true })
  reasoning?: boolean;

  @BooleanField({ optional: true })
  temperature?: boolean;

  @BooleanField({ optional: true })
  tool_call?: boolean;

  @UnionField(
    item.union(
      item.literal(true),
      item.ref(() => InterleavedConfig),
    ),
    { optional: true },
  )
  interleaved?: true | InterleavedConfig;

  @ObjectField(() => ModelPriceConfig, { optional: true })
  cost?: ModelPriceConfig;

  @ObjectField(() => ModelLimit, { optional: true })
  limit?: ModelLimit;

  @ObjectField(() => ModelModalitiesConfig, { optional: true })
  modalities?: ModelModalitiesConfig;

  @BooleanField({ optional: true })
  experimental?: boolean;

  @EnumField(['alpha', 'beta', 'deprecated'], { optional: true })
  status?: 'alpha' | 'beta' | 'deprecated';

  @RecordField(item.any(), { optional: true })
  options?: Record<string, unknown>;

  @RecordField(item.string(), { optional: true })
  headers?: Record<string, string>;

  @ObjectField(() => ModelProviderConfig, { optional: true })
  provider?: ModelProviderConfig;

  @RecordField(item.ref(() => ModelVariantConfig), { optional: true })
  variants?: Record<string, ModelVariantConfig>;
}

/** Options for the provider’s adapter. */
@InlineSchema()
@OpenSchema(item.any())
export class ProviderOptionsConfig {
  @StringField({ optional: true })
  apiKey?: string;

  @StringField({ optional: true })
  baseURL?: string;

  @StringField({ optional: true })
  enterpriseUrl?: string;

  @BooleanField({ optional: true })
  setCacheKey?: boolean;

  @UnionField(item.union(item.number({ int: true, exclusiveMin: 0 }), item.literal(false)), { optional: true })
  timeout?: number | false;

  [key: string]: unknown;
}

/** Definition or override of a provider. */
@StrictSchema()
export class ProviderConfig {
  @StringField({ optional: true })
  api?: string;

  @StringField({ optional: true })
  name?: string;

  @ArrayField(item.string(), { optional: true })
  env?: string[];

  @StringField({ optional: true })
  id?: string;

  @StringField({ optional: true })
  npm?: string;

  @RecordField(item.ref(() => ProviderModelConfig), { optional: true })
  models?: Record<string, ProviderModelConfig>;

  @ArrayField(item.string(), { optional: true })
  whitelist?: string[];

  @ArrayField(item.string(), { optional: true })
  blacklist?: string[];

  @ObjectField(() => ProviderOptionsConfig, { optional: true })
  options?: ProviderOptionsConfig;
}
