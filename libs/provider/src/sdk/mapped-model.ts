import type { LanguageModelV4, LanguageModelV4CallOptions } from '@ai-sdk/provider';

/** A language model that gets the options of each call in another form. */
export function mappedModel(
  model: LanguageModelV4,
  map: (options: LanguageModelV4CallOptions) => LanguageModelV4CallOptions,
): LanguageModelV4 {
  return {
    specificationVersion: 'v4',
    provider: model.provider,
    modelId: model.modelId,
    supportedUrls: model.supportedUrls,
    doGenerate: (options) => model.doGenerate(map(options)),
    doStream: (options) => model.doStream(map(options)),
  };
}
