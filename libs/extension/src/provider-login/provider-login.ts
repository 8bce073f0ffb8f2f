import type { Auth, Model, Provider } from '#libs/contract';
import type { Instance } from '#libs/instance';

/** Version of this interface; a registry refuses sources of another one. @publicApi */
export const PROVIDER_LOGIN_SPECIFICATION = 'provider-login-v1';

/** What a login ends with: what is to be stored, and for which provider (default: the one that was logged in to). @publicApi */
export interface LoginResult {
  provider?: string;
  credential: Auth;
}

/** A login that has begun and waits for the person. @publicApi */
export interface LoginFlow {
  /** Where the person logs in; empty when there is nothing to open. */
  url: string;
  /** What to do there. */
  instructions: string;
  /** `auto`: {@link finish} waits until the login is done elsewhere. `code`: the person brings a code back. */
  method: 'auto' | 'code';
  /**
   * Waits for the end, or exchanges the code. Undefined, or an error, means that the login failed. Give up when the
   * signal of the {@link LoginRequest} aborts.
   */
  finish(code?: string): Promise<LoginResult | undefined>;
}

/** @publicApi */
export interface LoginRequest {
  readonly instance: Instance;
  /** Answers to the questions of a method, by their key. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Aborts when the login is over in whatever way: done, failed, timed out, begun anew, instance disposed. Release listeners and timers then. */
  readonly signal: AbortSignal;
}

/** One way to log in. An `api` method is a plain key, stored by `PUT /auth/:id`, unless it has an `authorize` of its own. @publicApi */
export interface LoginMethod {
  type: 'oauth' | 'api';
  /** Name for people. */
  label: string;
  /** Begins the login. An `oauth` method needs it. */
  authorize?(request: LoginRequest): Promise<LoginFlow>;
}

/** What is known when a stored login is put to use. @publicApi */
export interface LoginContext {
  readonly instance: Instance;
  /** The provider as the catalogue, the environment and keys made it. Not to be changed. */
  readonly provider: Provider;
  /** The stored entry, read anew: tokens change while the server runs. */
  credential(): Promise<Auth | undefined>;
  /** Stores renewed tokens. For those that can be renewed once only there is `renew`. */
  save(credential: Auth): Promise<void>;
  /** {@link CredentialStore.renew} of the stored entry. */
  renew(make: (stored: Auth) => Promise<Auth | undefined>): Promise<Auth | undefined>;
}

/** What a login gives to its provider. @publicApi */
export interface LoginEffect {
  /** Merged over the options of the provider: `apiKey`, `baseURL`, `headers`, `fetch`, … */
  options?: Readonly<Record<string, unknown>>;
  /** Replace the models of the provider, for those that the login gives no access to or makes free. */
  models?: Readonly<Record<string, Model>>;
}

/** How to log in to one provider, and how to use what was stored. @publicApi */
export interface ProviderLogin {
  /** Id of the provider. */
  provider: string;
  /** Clients name a method by its position. */
  methods: readonly LoginMethod[];
  /** Called once per instance and change of the store when it has an entry for the provider. Must answer within some seconds. */
  load?(context: LoginContext): Promise<LoginEffect>;
}

/**
 * The class behind {@link ProviderLoginSource}.
 *
 * @example
 * @ProviderLoginSource()
 * export class AcmeLogin implements ProviderLoginSourceHandler {
 *   readonly specificationVersion = PROVIDER_LOGIN_SPECIFICATION;
 *   logins() {
 *     return [{
 *       provider: 'acme',
 *       methods: [{ type: 'oauth', label: 'Acme account', authorize: beginLogin }],
 *       load: async ({ credential }) => ({ options: { fetch: authorized(credential) } }),
 *     }];
 *   }
 * }
 * @publicApi
 */
export interface ProviderLoginSourceHandler {
  readonly specificationVersion: typeof PROVIDER_LOGIN_SPECIFICATION;
  /** The logins known in an instance. Of two for one provider the one of the later source wins. */
  logins(instance: Instance): readonly ProviderLogin[] | Promise<readonly ProviderLogin[]>;
}
