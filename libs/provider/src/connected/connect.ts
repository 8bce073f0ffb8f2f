import type { Auth, Config, Model, Provider, ProviderConfig } from '#libs/contract';
import type { LoginEffect, ModelDeclaration } from '#libs/extension';
import type { Catalogue, CatalogueEntry } from '../catalogue/catalogue-entry.js';
import { catalogueProvider } from '../catalogue/catalogue-model.js';
import { own } from '../record.js';
import { mergeOptions } from '../request/merge-options.js';
import { configuredModel } from './configured-model.js';
import { declaredModel } from './declared-model.js';
import { SPECIAL_IDS, specialOf, withSpecial } from './special.js';

/** A provider class with what it says it can do at the moment. */
export interface DeclaredProvider {
  id: string;
  name: string;
  env: readonly string[];
  /** Stands after all others. */
  fallback?: boolean;
  key?: string;
  /** Where the key is from. */
  keySource?: 'env' | 'api';
  models: readonly ModelDeclaration[];
}

export interface ConnectInput {
  catalogue: Catalogue;
  config: Pick<Config, 'provider' | 'enabled_providers' | 'disabled_providers' | 'model' | 'small_model'>;
  variables: Readonly<Record<string, string | undefined>>;
  declared: readonly DeclaredProvider[];
  /** What the credential store has. */
  credentials?: ReadonlyMap<string, Auth>;
  /** What the stored logins give. */
  logins?: ReadonlyMap<string, LoginEffect>;
  /** Keep models of status `alpha`. */
  alpha?: boolean;
}

const COPILOT = 'github-copilot';
const COPILOT_ENTERPRISE = 'github-copilot-enterprise';
const HIDDEN_MODEL = 'gpt-5-chat-latest';

/** Whether the lists of the configuration let a provider exist. */
export function isAllowed(id: string, { enabled_providers, disabled_providers }: ConnectInput['config']): boolean {
  return (enabled_providers?.includes(id) ?? true) && !disabled_providers?.includes(id);
}

/** The catalogue with the providers that follow from it. */
export function candidatesOf(catalogue: Catalogue): Catalogue {
  const copilot = catalogue[COPILOT];
  if (!copilot || catalogue[COPILOT_ENTERPRISE]) return catalogue;
  return {
    ...catalogue,
    [COPILOT_ENTERPRISE]: { ...copilot, id: COPILOT_ENTERPRISE, name: 'GitHub Copilot Enterprise' },
  };
}

/** A provider of the catalogue as the environment and a stored key make it; of an unknown id an empty one. */
export function candidateOf(
  id: string,
  { catalogue, variables, credentials }: Pick<ConnectInput, 'catalogue' | 'variables' | 'credentials'>,
): Provider {
  const entry = own(candidatesOf(catalogue), id);
  if (!entry) return { id, name: id, source: 'custom', env: [], options: {}, models: {} };
  const provider = fromEnvironment(id, entry, variables) ?? catalogueProvider(id, entry);
  const credential = credentials?.get(id);
  return credential?.type === 'api' ? { ...provider, source: 'api', key: credential.key } : provider;
}

/**
 * The usable providers in the order of their connection: environment, stored keys, logins, special ways of single
 * providers, provider classes, configuration, fallbacks.
 */
export function connect(input: ConnectInput): Map<string, Provider> {
  const { config, variables, credentials = new Map<string, Auth>(), logins = new Map<string, LoginEffect>() } = input;
  const candidates = candidatesOf(input.catalogue);
  const connected = new Map<string, Provider>();
  const known = (id: string): Provider | undefined => {
    const entry = own(candidates, id);
    return connected.get(id) ?? (entry && catalogueProvider(id, entry));
  };
  for (const [id, entry] of Object.entries(candidates)) {
    const provider = fromEnvironment(id, entry, variables);
    if (provider) connected.set(id, provider);
  }
  for (const [id, credential] of credentials) {
    const provider = credential.type === 'api' ? known(id) : undefined;
    if (provider && credential.type === 'api') connected.set(id, { ...provider, source: 'api', key: credential.key });
  }
  for (const [id, effect] of logins) connected.set(id, fromLogin(connected.get(id), candidateOf(id, input), effect));
  for (const id of SPECIAL_IDS) {
    const effect = specialOf(id, {
      variables,
      credential: credentials.get(id),
      connected: connected.has(id),
      settings: config.provider?.[id],
      named: isNamed(id, config),
    });
    const wanted = connected.has(id) || effect.autoload || !!config.provider?.[id];
    // some have hundreds of models, and most are not wanted
    const before = wanted ? known(id) : undefined;
    if (before) connected.set(id, withSpecial(before, effect));
  }
  const declared = input.declared.filter(({ models }) => models.length > 0);
  for (const provider of declared.filter(({ fallback }) => !fallback))
    connected.set(provider.id, fromClass(provider, known(provider.id)));
  for (const [id, settings] of Object.entries(config.provider ?? {}))
    connected.set(id, fromConfig(id, settings, known(id), own(candidates, id)));
  for (const provider of declared.filter(({ fallback }) => fallback)) {
    const before = connected.get(provider.id);
    // it stands last even when the configuration mentions it
    connected.delete(provider.id);
    connected.set(provider.id, asFallback(provider, before, config.provider?.[provider.id]));
  }
  return filtered(connected, input);
}

/** Whether the configuration names a provider in any place. */
function isNamed(id: string, config: ConnectInput['config']): boolean {
  const models = [config.model, config.small_model].some((name) => name?.startsWith(`${id}/`));
  return models || !!config.enabled_providers?.includes(id) || !!config.provider?.[id];
}

function fromLogin(before: Provider | undefined, candidate: Provider, { options, models }: LoginEffect): Provider {
  const provider: Provider = before ?? { ...candidate, source: 'custom' };
  return {
    ...provider,
    options: mergeOptions(provider.options, options),
    models: models ? { ...models } : provider.models,
  };
}

function fromEnvironment(
  id: string,
  entry: CatalogueEntry,
  variables: ConnectInput['variables'],
): Provider | undefined {
  const names = Array.isArray(entry.env) ? entry.env : [];
  const value = names.map((name) => variables[name]).find(Boolean);
  if (!value) return undefined;
  const provider: Provider = { ...catalogueProvider(id, entry), source: 'env' };
  // with several names the value may be a region or an account: the adapter picks what it needs
  if (names.length === 1) provider.key = value;
  return provider;
}

function fromClass(declared: DeclaredProvider, before: Provider | undefined): Provider {
  const { id, name, env, key, keySource = 'env' } = declared;
  const models = declared.models.map((model): [string, Model] => [model.id, declaredModel(id, model)]);
  return {
    ...before,
    id,
    name,
    source: key === undefined ? 'custom' : keySource,
    env: env.length > 0 ? [...env] : (before?.env ?? []),
    ...(key === undefined ? {} : { key }),
    options: before?.options ?? {},
    // what runs now counts, not what the catalogue once knew
    models: Object.fromEntries(models),
  };
}

function fromConfig(
  id: string,
  settings: ProviderConfig,
  before: Provider | undefined,
  known: CatalogueEntry | undefined,
): Provider {
  const models = { ...before?.models };
  for (const [key, entry] of Object.entries(settings.models ?? {})) {
    const existing = own(before?.models, entry.id ?? key) ?? own(before?.models, key);
    models[key] = configuredModel({ providerID: id, key, entry, provider: settings, existing, known });
  }
  return {
    ...before,
    id,
    name: settings.name ?? before?.name ?? id,
    source: 'config',
    env: settings.env ?? before?.env ?? [],
    options: mergeOptions(before?.options, settings.options),
    models,
  };
}

function asFallback(
  declared: DeclaredProvider,
  before: Provider | undefined,
  settings: ProviderConfig | undefined,
): Provider {
  const provider = fromClass(declared, before && { ...before, models: {} });
  return settings ? fromConfig(declared.id, settings, provider, undefined) : provider;
}

function filtered(connected: ReadonlyMap<string, Provider>, input: ConnectInput): Map<string, Provider> {
  const result = new Map<string, Provider>();
  for (const [id, provider] of connected) {
    if (!isAllowed(id, input.config)) continue;
    const settings = input.config.provider?.[id];
    const models = Object.entries(provider.models).filter(([, model]) => isUsable(model, settings, input.alpha));
    if (models.length > 0) result.set(id, { ...provider, models: Object.fromEntries(models) });
  }
  return result;
}

function isUsable({ id, providerID, status }: Model, settings: ProviderConfig | undefined, alpha = false): boolean {
  if (id === HIDDEN_MODEL || (providerID === 'openrouter' && id === 'openai/gpt-5-chat')) return false;
  if (status === 'deprecated' || (status === 'alpha' && !alpha)) return false;
  if (settings?.blacklist?.includes(id)) return false;
  return settings?.whitelist?.includes(id) ?? true;
}
