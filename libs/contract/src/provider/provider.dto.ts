import { item } from '../field/factory.js';
import { ArrayField, EnumField, RecordField, StringField } from '../field/field.decorator.js';
import { InlineSchema } from '../field/schema.decorator.js';
import { Model } from './model.dto.js';

/** A configured provider with its models. */
export class Provider {
  @StringField()
  id: string;

  @StringField()
  name: string;

  @EnumField(['env', 'config', 'custom', 'api'])
  source: 'env' | 'config' | 'custom' | 'api';

  @ArrayField(item.string())
  env: string[];

  @StringField({ optional: true })
  key?: string;

  @RecordField(item.any())
  options: Record<string, unknown>;

  @RecordField(item.ref(() => Model))
  models: Record<string, Model>;
}

/** Answer of `GET /config/providers`; `default` maps provider to model. */
@InlineSchema()
export class ConfigProvidersResponse {
  @ArrayField(item.ref(() => Provider))
  providers: Provider[];

  @RecordField(item.string())
  default: Record<string, string>;
}
