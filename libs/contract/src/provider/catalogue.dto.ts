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
import { InlineSchema } from '../field/schema.decorator.js';
import { InterleavedConfig, ModelModalitiesConfig, ModelPriceConfig, ModelProviderConfig } from './model-price.dto.js';
import { ModelLimit } from './model.dto.js';

/** A model as the public catalogue describes it. */
@InlineSchema()
export class CatalogueModel {
  @StringField()
  id: string;

  @StringField()
  name: string;

  @StringField({ optional: true })
  family?: string;

  @StringField()
  release_date: string;

  @BooleanField()
  attachment: boolean;

  @BooleanField()
  reasoning: boolean;

  @BooleanField()
  temperature: boolean;

  @BooleanField()
  tool_call: boolean;

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

  @ObjectField(() => ModelLimit)
  limit: ModelLimit;

  @ObjectField(() => ModelModalitiesConfig, { optional: true })
  modalities?: ModelModalitiesConfig;

  @BooleanField({ optional: true })
  experimental?: boolean;

  @EnumField(['alpha', 'beta', 'deprecated'], { optional: true })
  status?: 'alpha' | 'beta' | 'deprecated';

  @RecordField(item.any())
  options: Record<string, unknown>;

  @RecordField(item.string(), { optional: true })
  headers?: Record<string, string>;

  @ObjectField(() => ModelProviderConfig, { optional: true })
  provider?: ModelProviderConfig;

  @RecordField(item.record(item.any()), { optional: true })
  variants?: Record<string, Record<string, unknown>>;
}

/** A provider of the catalogue. */
@InlineSchema()
export class CatalogueProvider {
  @StringField({ optional: true })
  api?: string;

  @StringField()
  name: string;

  @ArrayField(item.string())
  env: string[];

  @StringField()
  id: string;

  @StringField({ optional: true })
  npm?: string;

  @RecordField(item.ref(() => CatalogueModel))
  models: Record<string, CatalogueModel>;
}

/** Answer of `GET /provider`: every known provider, and which of them are connected. */
@InlineSchema()
export class ProviderListResponse {
  @ArrayField(item.ref(() => CatalogueProvider))
  all: CatalogueProvider[];

  @RecordField(item.string())
  default: Record<string, string>;

  @ArrayField(item.string())
  connected: string[];
}
