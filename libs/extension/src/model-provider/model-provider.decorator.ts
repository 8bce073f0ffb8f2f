import { DiscoveryService } from '@nestjs/core';

/** @publicApi */
export interface ModelProviderOptions {
  /** Id of the provider on the wire, as in `acme/acme-large`. Unique among all providers. */
  id: string;
  /** Name for people. */
  name: string;
  /** Environment variables that hold its key; the first one set is handed over as `key`. */
  env?: readonly string[];
  /** Listed and chosen after all other providers: for what answers when there is nothing better. */
  fallback?: boolean;
}

/**
 * Marks a provider class as a language-model provider; the class implements {@link LanguageModelProvider}.
 * @publicApi
 */
export const ModelProvider = DiscoveryService.createDecorator<ModelProviderOptions>();
