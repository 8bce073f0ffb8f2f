import type { LanguageModelV2, LanguageModelV3, LanguageModelV4 } from '@ai-sdk/provider';
import type { Environment } from '#libs/extension';

export type AnyLanguageModel = LanguageModelV2 | LanguageModelV3 | LanguageModelV4;

/** What an AI SDK package is configured with: the options of the provider, completed by the server. @publicApi */
export interface AiSdkOptions {
  /** Id of the provider. */
  name: string;
  apiKey?: string;
  baseURL?: string;
  headers?: Record<string, string>;
  fetch?: typeof fetch;
  [option: string]: unknown;
}

/** What else is known of a wanted model. @publicApi */
export interface ModelRequest {
  /** Over which API, where a vendor has several. */
  api?: 'chat' | 'responses';
}

/** Makes a language model by the id that the provider's API knows. @publicApi */
export type LanguageModelFactory = (modelID: string, request?: ModelRequest) => AnyLanguageModel;

/** What the server lends to an adapter. @publicApi */
export interface AiSdkHost {
  environment: Environment;
  /**
   * Imports a package by its name: one beside the server, else one that is installed now.
   * Rejects with a ProviderInitError that says what to do.
   */
  load: (npm: string) => Promise<Readonly<Record<string, unknown>>>;
}

/** An AI SDK package made known to the server. @publicApi */
export interface AiSdkAdapter {
  /** Name of the package, as in `provider.<id>.npm` of the configuration. */
  npm: string;
  /** Whether it has the package loaded by its name: then it also makes models of a version that the configuration names. */
  loads?: boolean;
  /** Called once per provider. Import the package here and not at the top of the file. */
  create(options: AiSdkOptions, host: AiSdkHost): LanguageModelFactory | Promise<LanguageModelFactory>;
}
