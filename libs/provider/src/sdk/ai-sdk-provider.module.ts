import { type DynamicModule, Module } from '@nestjs/common';
import { PerAgent } from '#libs/extension';
import type { AiSdkAdapter, AiSdkHost, AiSdkOptions, LanguageModelFactory } from './ai-sdk-adapter.js';

/** One registration, found by discovery. */
export class AiSdkRegistration implements AiSdkAdapter {
  readonly npm: string;
  readonly loads: boolean;

  constructor(private readonly adapter: AiSdkAdapter) {
    this.npm = adapter.npm;
    this.loads = adapter.loads ?? false;
  }

  create(options: AiSdkOptions, host: AiSdkHost): LanguageModelFactory | Promise<LanguageModelFactory> {
    return this.adapter.create(options, host);
  }
}

/**
 * Makes an AI SDK package usable by its name.
 *
 * @example
 * AiSdkProviderModule.register({
 *   npm: '@ai-sdk/mistral',
 *   create: async (options) => {
 *     const provider = (await import('@ai-sdk/mistral')).createMistral(options);
 *     return (modelID) => provider.languageModel(modelID);
 *   },
 * })
 * @publicApi
 */
@PerAgent()
@Module({})
export class AiSdkProviderModule {
  static register(adapter: AiSdkAdapter): DynamicModule {
    // a token of its own each time: two registrations must not hide one another
    const provide = Symbol(adapter.npm);
    return {
      module: AiSdkProviderModule,
      providers: [{ provide, useFactory: () => new AiSdkRegistration(adapter) }],
      exports: [provide],
    };
  }
}
