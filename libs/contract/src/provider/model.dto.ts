import { item } from '../field/factory.js';
import {
  BooleanField,
  EnumField,
  NumberField,
  ObjectField,
  RecordField,
  StringField,
  UnionField,
} from '../field/field.decorator.js';
import { InlineSchema } from '../field/schema.decorator.js';

/** How the provider is called: its id of the model, base URL and adapter package. */
@InlineSchema()
export class ModelApi {
  @StringField()
  id: string;

  @StringField()
  url: string;

  @StringField()
  npm: string;
}

/** Kinds of content a model takes or gives. */
@InlineSchema()
export class ModelMedia {
  @BooleanField()
  text: boolean;

  @BooleanField()
  audio: boolean;

  @BooleanField()
  image: boolean;

  @BooleanField()
  video: boolean;

  @BooleanField()
  pdf: boolean;
}

/** Field of the answer in which reasoning comes between tool calls. */
@InlineSchema()
export class InterleavedReasoning {
  @EnumField(['reasoning_content', 'reasoning_details'])
  field: 'reasoning_content' | 'reasoning_details';
}

/** What a model can do. */
@InlineSchema()
export class ModelCapabilities {
  @BooleanField()
  temperature: boolean;

  @BooleanField()
  reasoning: boolean;

  @BooleanField()
  attachment: boolean;

  @BooleanField()
  toolcall: boolean;

  @ObjectField(() => ModelMedia)
  input: ModelMedia;

  @ObjectField(() => ModelMedia)
  output: ModelMedia;

  @UnionField(
    item.union(
      item.boolean(),
      item.ref(() => InterleavedReasoning),
    ),
  )
  interleaved: boolean | InterleavedReasoning;
}

/** Prices in US dollars per million tokens. */
@InlineSchema()
export class CachePrice {
  @NumberField()
  read: number;

  @NumberField()
  write: number;
}

/** Prices of calls with more than 200,000 input tokens. */
@InlineSchema()
export class ModelCostOver200K {
  @NumberField()
  input: number;

  @NumberField()
  output: number;

  @ObjectField(() => CachePrice)
  cache: CachePrice;
}

/** Prices in US dollars per million tokens. */
@InlineSchema()
export class ModelCost extends ModelCostOver200K {
  @ObjectField(() => ModelCostOver200K, { optional: true })
  experimentalOver200K?: ModelCostOver200K;
}

/** Limits in tokens. */
@InlineSchema()
export class ModelLimit {
  @NumberField()
  context: number;

  @NumberField({ optional: true })
  input?: number;

  @NumberField()
  output: number;
}

/** A model as the server uses it. */
export class Model {
  @StringField()
  id: string;

  @StringField()
  providerID: string;

  @ObjectField(() => ModelApi)
  api: ModelApi;

  @StringField()
  name: string;

  @StringField({ optional: true })
  family?: string;

  @ObjectField(() => ModelCapabilities)
  capabilities: ModelCapabilities;

  @ObjectField(() => ModelCost)
  cost: ModelCost;

  @ObjectField(() => ModelLimit)
  limit: ModelLimit;

  @EnumField(['alpha', 'beta', 'deprecated', 'active'])
  status: 'alpha' | 'beta' | 'deprecated' | 'active';

  @RecordField(item.any())
  options: Record<string, unknown>;

  @RecordField(item.string())
  headers: Record<string, string>;

  @StringField()
  release_date: string;

  @RecordField(item.record(item.any()), { optional: true })
  variants?: Record<string, Record<string, unknown>>;
}
