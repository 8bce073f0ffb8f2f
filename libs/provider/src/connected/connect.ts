import type { Config, Model, Provider, ProviderConfig } from '#libs/contract';
import type { ModelDeclaration } from '#libs/extension';
import type { Catalogue, CatalogueEntry } from '../catalogue/catalogue-entry.js';
import { catalogueProvider } from '../catalogue/catalogue-model.js';
import { mergeOptions } from '../request/merge-options.js';
import { configuredModel } from './configured-model.js';
import { declaredModel } from './declared-model.js';

/** A provider class with what it says it can do at the moment. */
export interface DeclaredProvider {
  id: string;
  name: string;
  env: readonly string[];
  /** Stands after all others. */
  fallback?: boolean;
  key?: string;
  models: readonly ModelDeclaration[];
}

export interface ConnectInput {
  catalogue: Catalogue;
  config: Pick<Config, 'provider' | 'enabled_providers' | 'disabled_providers'>;
  variables: Readonly<Record<string, string | undefined>>;
  declared: readonly DeclaredProvider[];
  /** Keep models of status `alpha`. */
  alpha?: boolean;
}

/** Sent to Anthropic when a key connects it: thinking between tool calls, tool input as it is written. */
const ANTHROPIC_BETA = 'claude-code-20250219,interleaved-thinking-2025-05-14,fine-grained-tool-streaming-2025-05-14';
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

/** The usable providers in the order of their connection: environment, provider classes, configuration, fallbacks. */
export function connect(input: ConnectInput): Map<string, Provider> {
  const { config, variables } = input;
  const candidates = candidatesOf(input.catalogue);
  const connected = new Map<string, Provider>();
  const known = (id: string): Provider | undefined => {
    const entry = Object.hasOwn(candidates, id) ? candidates[id] : undefined;
    return connected.get(id) ?? (entry && catalogueProvider(id, entry));
  };
  for (const [id, entry] of Object.entries(candidates)) {
    const provider = fromEnvironment(id, entry, variables);
    if (provider) connected.set(id, provider);
  }
  const declared = input.declared.filter(({ models }) => models.length > 0);
  for (const provider of declared.filter(({ fallback }) => !fallback))
    connected.set(provider.id, fromClass(provider, known(provider.id)));
  for (const [id, settings] of Object.entries(config.provider ?? {}))
    connected.set(id, fromConfig(id, settings, known(id), candidates[id]));
  for (const provider of declared.filter(({ fallback }) => fallback)) {
    const before = connected.get(provider.id);
    // it stands last even when the configuration mentions it
    connected.delete(provider.id);
    connected.set(provider.id, asFallback(provider, before, config.provider?.[provider.id]));
  }
  return filtered(connected, input);
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
  if (id === 'anthropic') provider.options = { headers: { 'anthropic-beta': ANTHROPIC_BETA } };
  return provider;
}

function fromClass(declared: DeclaredProvider, before: Provider | undefined): Provider {
  const { id, name, env, key } = declared;
  const models = declared.models.map((model): [string, Model] => [model.id, declaredModel(id, model)]);
  return {
    ...before,
    id,
    name,
    source: key === undefined ? 'custom' : 'env',
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

function own<T>(map: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return map && Object.hasOwn(map, key) ? map[key] : undefined;
}
