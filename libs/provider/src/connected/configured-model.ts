import type { Model, ModelCost, ProviderConfig, ProviderModelConfig } from '#libs/contract';
import { longContextCost, mediaOf, packageOf } from '../catalogue/catalogue-model.js';
import { mergeOptions } from '../request/merge-options.js';
import { configuredVariants, variantsOf } from '../request/variants.js';

/** Where a configured model comes from. */
export interface ConfiguredModelInput {
  providerID: string;
  /** Key of the entry: the id of the model. */
  key: string;
  entry: ProviderModelConfig;
  provider: ProviderConfig;
  /** The known model that the entry changes or is an alias of. */
  existing?: Model;
  /** Package and address of the known provider. */
  known?: { npm?: string; api?: string };
}

/** The package that the configuration names for a model, with the version if there is one. */
export function wantedPackage(provider: ProviderConfig, entry: ProviderModelConfig | undefined): string | undefined {
  return entry?.provider?.npm ?? provider.npm;
}

/** What a package is asked for does not depend on its version. */
function withoutVersion(npm: string | undefined): string | undefined {
  return npm?.startsWith('file://') ? npm : npm?.replace(/(?<=.)@[^/@]+$/, '');
}

/** A `provider.<id>.models.<key>` entry of the configuration, over what is known of the model. */
export function configuredModel({ providerID, key, entry, provider, existing, known }: ConfiguredModelInput): Model {
  const before = existing?.capabilities;
  const model: Model = {
    id: key,
    providerID,
    name: entry.name ?? (entry.id !== undefined && entry.id !== key ? key : (existing?.name ?? key)),
    family: entry.family ?? existing?.family ?? '',
    api: {
      id: entry.id ?? existing?.api.id ?? key,
      url: entry.provider?.api ?? provider.api ?? (existing?.api.url || known?.api) ?? '',
      npm: withoutVersion(wantedPackage(provider, entry)) ?? (existing?.api.npm || packageOf(providerID, known?.npm)),
    },
    status: entry.status ?? existing?.status ?? 'active',
    headers: { ...existing?.headers, ...entry.headers },
    options: mergeOptions(existing?.options, entry.options),
    cost: costOf(entry.cost, existing?.cost),
    limit: entry.limit ?? existing?.limit ?? { context: 0, output: 0 },
    capabilities: {
      temperature: entry.temperature ?? before?.temperature ?? false,
      reasoning: entry.reasoning ?? before?.reasoning ?? false,
      attachment: entry.attachment ?? before?.attachment ?? false,
      toolcall: entry.tool_call ?? before?.toolcall ?? true,
      input: entry.modalities ? mediaOf(entry.modalities.input) : (before?.input ?? mediaOf(['text'])),
      output: entry.modalities ? mediaOf(entry.modalities.output) : (before?.output ?? mediaOf(['text'])),
      interleaved: entry.interleaved ?? before?.interleaved ?? false,
    },
    release_date: entry.release_date ?? existing?.release_date ?? '',
  };
  return { ...model, variants: configuredVariants({ ...variantsOf(model) }, entry.variants) };
}

function costOf(entry: ProviderModelConfig['cost'], before: ModelCost | undefined): ModelCost {
  if (!entry) return before ?? { input: 0, output: 0, cache: { read: 0, write: 0 } };
  return {
    input: entry.input,
    output: entry.output,
    cache: {
      read: entry.cache_read ?? before?.cache.read ?? 0,
      write: entry.cache_write ?? before?.cache.write ?? 0,
    },
    ...longContextCost(entry.context_over_200k),
  };
}
