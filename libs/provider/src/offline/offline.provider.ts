import type { LanguageModelV4 } from '@ai-sdk/provider';
import type { Model } from '#libs/contract';
import {
  Clock,
  type LanguageModelProvider,
  MODEL_PROVIDER_SPECIFICATION,
  type ModelDeclaration,
  ModelProvider,
} from '#libs/extension';
import { GuideModel } from './guide-model.js';

const OFFLINE_PROVIDER_ID = 'offline';

/** A model for the first minute, without key and network. The worked example of a provider. */
@ModelProvider({ id: OFFLINE_PROVIDER_ID, name: 'Offline guide', fallback: true })
export class OfflineProvider implements LanguageModelProvider {
  readonly specificationVersion = MODEL_PROVIDER_SPECIFICATION;

  constructor(private readonly clock: Clock) {}

  async models(): Promise<readonly ModelDeclaration[]> {
    return [
      {
        id: 'guide',
        name: 'Offline guide (no language model)',
        capabilities: { toolcall: true },
        limit: { context: 200_000, output: 8_000 },
      },
    ];
  }

  async languageModel(model: Model): Promise<LanguageModelV4> {
    return new GuideModel(OFFLINE_PROVIDER_ID, model.id, this.clock);
  }
}
