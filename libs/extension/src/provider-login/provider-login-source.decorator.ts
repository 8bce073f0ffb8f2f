import { DiscoveryService } from '@nestjs/core';

/** @publicApi */
export interface ProviderLoginSourceOptions {
  /** Sources of a higher order are asked later, and win over earlier ones. Default 0; the built-in ones have -1. */
  order?: number;
}

/** Marks a provider class that knows logins to providers; the class implements {@link ProviderLoginSourceHandler}. @publicApi */
export const ProviderLoginSource = DiscoveryService.createDecorator<ProviderLoginSourceOptions>();
