import { item } from '../field/factory.js';
import { NumberField, StringField, UnionField } from '../field/field.decorator.js';
import { InlineSchema } from '../field/schema.decorator.js';

/** One way to log in to a provider. Calls name it by its position in the list. */
export class ProviderAuthMethod {
  @UnionField(item.union(item.literal('oauth'), item.literal('api')))
  type: 'oauth' | 'api';

  @StringField()
  label: string;
}

/** What the person has to do; `code`: a code has to be entered afterwards. */
export class ProviderAuthAuthorization {
  @StringField()
  url: string;

  @UnionField(item.union(item.literal('auto'), item.literal('code')))
  method: 'auto' | 'code';

  @StringField()
  instructions: string;
}

/** Body of `POST /provider/:providerID/oauth/authorize`. */
@InlineSchema()
export class ProviderAuthorizeInput {
  @NumberField()
  method: number;
}

/** Body of `POST /provider/:providerID/oauth/callback`. */
@InlineSchema()
export class ProviderCallbackInput {
  @NumberField()
  method: number;

  @StringField({ optional: true })
  code?: string;
}
