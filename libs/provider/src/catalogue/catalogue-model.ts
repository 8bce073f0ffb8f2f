import type { Model, ModelCapabilities, ModelCost, ModelMedia, ModelPriceTierConfig, Provider } from '#libs/contract';
import { mergeOptions } from '../request/merge-options.js';
import { variantsOf } from '../request/variants.js';
import type { CatalogueEntry, CatalogueModelEntry } from './catalogue-entry.js';

/** Package that most providers are reached through. */
const DEFAULT_PACKAGE = '@ai-sdk/openai-compatible';

/** Copilot serves the models of all vendors over its own variety of the protocols of OpenAI. */
const COPILOT_PACKAGE = '@ai-sdk/github-copilot';

/** The package that the models of a provider are reached through, as far as the catalogue knows. */
export function packageOf(providerID: string, named: string | undefined): string {
  return providerID.startsWith('github-copilot') ? COPILOT_PACKAGE : (named ?? DEFAULT_PACKAGE);
}

/** A provider of the catalogue in the form of the API, as it is before anything connects it. */
export function catalogueProvider(id: string, entry: CatalogueEntry): Provider {
  return {
    id,
    name: entry.name ?? id,
    source: 'custom',
    env: entry.env ?? [],
    options: {},
    models: Object.fromEntries(
      Object.entries(entry.models ?? {})
        .filter(([, model]) => typeof model === 'object' && model !== null)
        .map(([modelID, model]) => [modelID, catalogueModel(id, entry, modelID, model)]),
    ),
  };
}

/** A model of the catalogue in the form of the API. */
function catalogueModel(providerID: string, provider: CatalogueEntry, id: string, entry: CatalogueModelEntry): Model {
  const { cost, limit } = entry;
  const model: Model = {
    id,
    providerID,
    name: entry.name ?? id,
    ...(entry.family === undefined ? {} : { family: entry.family }),
    api: {
      id: entry.id ?? id,
      url: entry.provider?.api ?? provider.api ?? '',
      npm: packageOf(providerID, entry.provider?.npm ?? provider.npm),
    },
    status: entry.status ?? 'active',
    headers: entry.headers ?? {},
    options: entry.options ?? {},
    cost: {
      input: cost?.input ?? 0,
      output: cost?.output ?? 0,
      cache: { read: cost?.cache_read ?? 0, write: cost?.cache_write ?? 0 },
      ...longContextCost(cost?.context_over_200k),
    },
    limit: {
      context: limit?.context ?? 0,
      ...(limit?.input === undefined ? {} : { input: limit.input }),
      output: limit?.output ?? 0,
    },
    capabilities: capabilitiesOf(entry),
    release_date: entry.release_date ?? '',
  };
  model.variants = { ...variantsOf(model), ...mergeVariants(entry) };
  return model;
}

/** What tokens cost in a long context, where that differs. */
export function longContextCost(long: ModelPriceTierConfig | undefined): Pick<ModelCost, 'experimentalOver200K'> {
  if (!long) return {};
  const { input, output, cache_read: read, cache_write: write } = long;
  return { experimentalOver200K: { input, output, cache: { read: read ?? 0, write: write ?? 0 } } };
}

function mergeVariants({ variants }: CatalogueModelEntry): Record<string, Record<string, unknown>> {
  return Object.fromEntries(Object.entries(variants ?? {}).map(([name, options]) => [name, mergeOptions(options)]));
}

function capabilitiesOf(entry: CatalogueModelEntry): ModelCapabilities {
  return {
    temperature: entry.temperature ?? false,
    reasoning: entry.reasoning ?? false,
    attachment: entry.attachment ?? false,
    toolcall: entry.tool_call ?? true,
    input: mediaOf(entry.modalities?.input),
    output: mediaOf(entry.modalities?.output),
    interleaved: entry.interleaved ?? false,
  };
}

export function mediaOf(given: readonly string[] | undefined): ModelMedia {
  const kinds = Array.isArray(given) ? given : [];
  return {
    text: kinds.includes('text'),
    audio: kinds.includes('audio'),
    image: kinds.includes('image'),
    video: kinds.includes('video'),
    pdf: kinds.includes('pdf'),
  };
}
