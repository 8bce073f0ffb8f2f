import { item } from '../field/factory.js';
import { LiteralField, StringField, TimeField } from '../field/field.decorator.js';

/** Tokens of a login. */
export class OAuth {
  @LiteralField('oauth')
  type: 'oauth';

  @StringField()
  refresh: string;

  @StringField()
  access: string;

  @TimeField()
  expires: number;

  @StringField({ optional: true })
  accountId?: string;

  @StringField({ optional: true })
  enterpriseUrl?: string;
}

/** An API key. */
export class ApiAuth {
  @LiteralField('api')
  type: 'api';

  @StringField()
  key: string;
}

/** A token for configuration served under a well-known URL. */
export class WellKnownAuth {
  @LiteralField('wellknown')
  type: 'wellknown';

  @StringField()
  key: string;

  @StringField()
  token: string;
}

export type Auth = OAuth | ApiAuth | WellKnownAuth;
export const AuthUnion = item.named(
  'Auth',
  item.discriminated('type', () => [OAuth, ApiAuth, WellKnownAuth]),
);
