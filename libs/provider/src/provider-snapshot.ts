import type {
  Auth,
  CatalogueModel,
  Config,
  ConfigProvidersResponse,
  Model,
  Provider,
  ProviderListResponse,
} from '#libs/contract';
import { setImmediate } from 'node:timers/promises';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import type { LoginEffect } from '#libs/extension';
import type { Catalogue } from './catalogue/catalogue-entry.js';
import { catalogueProvider } from './catalogue/catalogue-model.js';
import { sortModels } from './choice/sort-models.js';
import { candidatesOf, connect, type DeclaredProvider, isAllowed } from './connected/connect.js';
import { redactProvider } from './connected/redact.js';

export interface SnapshotInput {
  catalogue: Catalogue;
  config: Config;
  variables: Readonly<Record<string, string | undefined>>;
  declared: readonly DeclaredProvider[];
  credentials: ReadonlyMap<string, Auth>;
  logins: ReadonlyMap<string, LoginEffect>;
  alpha: boolean;
}

/** JSON of catalogue providers nobody changed: the same for every instance, so made once. */
const texts = new WeakMap<Catalogue, Map<string, ListedText>>();

/** The providers of one instance at one moment. */
export class ProviderSnapshot {
  readonly connected: ReadonlyMap<string, Provider>;
  readonly languageModels = new Map<string, Promise<LanguageModelV4>>();
  private listed: Promise<string> | undefined;
  private configured: string | undefined;

  constructor(readonly input: SnapshotInput) {
    this.connected = connect(input);
  }

  /** `GET /provider` as JSON text. It is large: made once, with pauses for others. */
  listText(): Promise<string> {
    return (this.listed ??= this.makeListText());
  }

  /** `GET /config/providers` as JSON text. */
  get configuredText(): string {
    return (this.configured ??= JSON.stringify(this.configuredResponse()));
  }

  async listResponse(): Promise<ProviderListResponse> {
    return JSON.parse(await this.listText()) as ProviderListResponse;
  }

  configuredResponse(): ConfigProvidersResponse {
    const providers = [...this.connected.values()].map(redactProvider);
    return { providers, default: defaultsOf(providers) };
  }

  private async makeListText(): Promise<string> {
    const { catalogue, config } = this.input;
    const known = candidatesOf(catalogue);
    const cache = texts.get(catalogue) ?? new Map<string, ListedText>();
    texts.set(catalogue, cache);
    const all: string[] = [];
    const defaults: Record<string, string> = {};
    const add = (id: string, { text, first }: ListedText) => {
      all.push(text);
      if (first !== undefined) defaults[id] = first;
    };
    for (const [id, entry] of Object.entries(known)) {
      if (!isAllowed(id, config)) continue;
      if (!cache.has(id)) await setImmediate();
      const connected = this.connected.get(id);
      add(id, connected ? listed(redactProvider(connected)) : cached(cache, id, () => catalogueProvider(id, entry)));
    }
    for (const [id, provider] of this.connected)
      if (!Object.hasOwn(known, id)) add(id, listed(redactProvider(provider)));
    const connected = [...this.connected.keys()];
    return `{"all":[${all.join(',')}],"default":${JSON.stringify(defaults)},"connected":${JSON.stringify(connected)}}`;
  }
}

interface ListedText {
  text: string;
  /** The model to start with. */
  first: string | undefined;
}

function cached(cache: Map<string, ListedText>, id: string, make: () => Provider): ListedText {
  const text = cache.get(id) ?? listed(make());
  cache.set(id, text);
  return text;
}

function listed(provider: Provider): ListedText {
  const models = Object.entries(provider.models).map(([id, model]) => [id, listedModel(model)] as const);
  const text = JSON.stringify({ ...provider, models: Object.fromEntries(models) });
  return { text, first: sortModels(Object.values(provider.models))[0]?.id };
}

/** The published document describes models as the catalogue does, clients read the form of the API: this is both. */
function listedModel({ status, ...model }: Model): Omit<Model, 'status'> & CatalogueModel {
  const { temperature, reasoning, attachment, toolcall } = model.capabilities;
  return {
    ...model,
    // the document has no word for active
    ...(status === 'active' ? {} : { status }),
    temperature,
    reasoning,
    attachment,
    tool_call: toolcall,
  };
}

function defaultsOf(providers: readonly Provider[]): Record<string, string> {
  return Object.fromEntries(
    providers.flatMap(({ id, models }) => {
      const first = sortModels(Object.values(models))[0];
      return first ? [[id, first.id]] : [];
    }),
  );
}
