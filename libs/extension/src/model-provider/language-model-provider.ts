import type { LanguageModelV4 } from '@ai-sdk/provider';
import type { Model, ProviderConfig } from '#libs/contract';
import type { Instance } from '#libs/instance';

/** Version of this interface; a registry refuses a provider of another one. @publicApi */
export const MODEL_PROVIDER_SPECIFICATION = 'model-provider-v1';

/** What is known about a provider in one instance. @publicApi */
export interface ModelProviderContext {
  readonly instance: Instance;
  /** From the environment or the credential store. */
  readonly key?: string;
  /** The `provider.<id>` block of the configuration. */
  readonly config?: ProviderConfig;
  /** Merged options of provider and model: `baseURL`, `headers`, … */
  readonly options: Readonly<Record<string, unknown>>;
}

/** A model as a provider declares it: only `id` and `name` are needed, the rest has defaults. @publicApi */
export type ModelDeclaration = Pick<Model, 'id' | 'name'> & {
  [K in Exclude<keyof Model, 'id' | 'name' | 'providerID' | 'capabilities'>]?: Model[K];
} & { capabilities?: Partial<Model['capabilities']> };

/**
 * The class behind {@link ModelProvider}.
 *
 * @example
 * @ModelProvider({ id: 'acme', name: 'Acme', env: ['ACME_API_KEY'] })
 * export class AcmeProvider implements LanguageModelProvider {
 *   readonly specificationVersion = MODEL_PROVIDER_SPECIFICATION;
 *   async models() { return [{ id: 'acme-large', name: 'Acme Large' }]; }
 *   async languageModel(model: Model, context: ModelProviderContext) { return createAcme(context)(model.id); }
 * }
 * @publicApi
 */
export interface LanguageModelProvider {
  readonly specificationVersion: typeof MODEL_PROVIDER_SPECIFICATION;
  /** The models usable right now; none = the provider is not listed as connected. Must answer within a second or so. */
  models(context: ModelProviderContext): Promise<readonly ModelDeclaration[]>;
  /** An AI SDK language model that streams. Import the heavy parts here, not at the top of the file. */
  languageModel(model: Model, context: ModelProviderContext): Promise<LanguageModelV4>;
}
