import type { Auth } from '#libs/contract';
import {
  type LoginContext,
  type LoginFlow,
  type LoginMethod,
  type LoginResult,
  PROVIDER_LOGIN_SPECIFICATION,
  type ProviderLogin,
  ProviderLoginSource,
  type ProviderLoginSourceHandler,
} from '#libs/extension';
import type { Instance } from '#libs/instance';
import { PluginStore } from '../plugin.store.js';
import { mutable } from './mutable.js';

/** What a login of a plugin ends with. */
type Outcome = { type: 'failed' } | ({ type: 'success'; provider?: string } & Success);
type Success = { key: string } | (Tokens & Record<string, unknown>);
type Tokens = { refresh: string; access: string; expires: number; accountId?: string; enterpriseUrl?: string };

interface AuthMethod {
  type: 'oauth' | 'api';
  label: string;
  authorize?: (inputs?: Readonly<Record<string, string>>) => Promise<AuthFlow | Outcome>;
}

interface AuthFlow {
  url: string;
  instructions: string;
  method: 'auto' | 'code';
  callback: (code?: string) => Promise<Outcome>;
}

interface AuthHook {
  provider: string;
  loader?: (auth: () => Promise<Auth | undefined>, provider: object) => Promise<Record<string, unknown> | undefined>;
  methods?: AuthMethod[];
}

/** The logins that plugins bring. */
@ProviderLoginSource({ order: 100 })
export class PluginLogins implements ProviderLoginSourceHandler {
  readonly specificationVersion = PROVIDER_LOGIN_SPECIFICATION;

  constructor(private readonly plugins: PluginStore) {}

  logins(instance: Instance): ProviderLogin[] {
    return this.plugins.of(instance).flatMap(({ hooks }) => {
      const auth = hooks['auth'] as AuthHook | undefined;
      return typeof auth?.provider === 'string' ? [loginOf(auth)] : [];
    });
  }
}

function loginOf(auth: AuthHook): ProviderLogin {
  return {
    provider: auth.provider,
    methods: (auth.methods ?? []).map(methodOf),
    ...(auth.loader && {
      load: async (context: LoginContext) => {
        // some make the models free on the object itself
        const provider = mutable(context.provider);
        const options = (await auth.loader?.(() => context.credential(), provider)) ?? {};
        return { options, models: provider.models };
      },
    }),
  };
}

function methodOf(method: AuthMethod): LoginMethod {
  const { type, label } = method;
  if (!method.authorize) return { type, label };
  return {
    type,
    label,
    authorize: async ({ inputs }): Promise<LoginFlow> => {
      const begun = await method.authorize?.(inputs);
      if (begun && isFlow(begun)) {
        const { url, instructions, method: way } = begun;
        return { url, instructions, method: way, finish: async (code) => resultOf(await begun.callback(code)) };
      }
      // a key that the plugin has made out of the answers
      return { url: '', instructions: '', method: 'auto', finish: async () => resultOf(begun) };
    },
  };
}

const isFlow = (begun: AuthFlow | Outcome): begun is AuthFlow => 'callback' in begun;

function resultOf(outcome: Outcome | undefined): LoginResult | undefined {
  if (outcome?.type !== 'success') return undefined;
  const provider = outcome.provider === undefined ? {} : { provider: outcome.provider };
  if ('key' in outcome) return { ...provider, credential: { type: 'api', key: String(outcome.key) } };
  const { refresh, access, expires, accountId, enterpriseUrl } = outcome;
  return {
    ...provider,
    credential: {
      type: 'oauth',
      refresh,
      access,
      expires,
      ...(accountId !== undefined && { accountId }),
      ...(enterpriseUrl !== undefined && { enterpriseUrl }),
    },
  };
}
