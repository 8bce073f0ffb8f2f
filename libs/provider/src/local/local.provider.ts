import type { Model } from '#libs/contract';
import {
  type LanguageModelProvider,
  MODEL_PROVIDER_SPECIFICATION,
  ModelProvider,
  type ModelProviderContext,
} from '#libs/extension';
import { LocalServerService } from './local-server.service.js';
import { LLAMA_CPP, LM_STUDIO, type LocalServer, OLLAMA } from './local-server.js';

abstract class LocalProvider implements LanguageModelProvider {
  readonly specificationVersion = MODEL_PROVIDER_SPECIFICATION;
  protected abstract readonly server: LocalServer;

  constructor(protected readonly servers: LocalServerService) {}

  models(context: ModelProviderContext) {
    return this.servers.models(this.server, context);
  }

  languageModel(model: Model, context: ModelProviderContext) {
    return this.servers.languageModel(this.server, model, context);
  }
}

@ModelProvider({ id: OLLAMA.id, name: 'Ollama' })
export class OllamaProvider extends LocalProvider {
  protected readonly server = OLLAMA;

  constructor(servers: LocalServerService) {
    super(servers);
  }
}

@ModelProvider({ id: LM_STUDIO.id, name: 'LM Studio', env: ['LMSTUDIO_API_KEY'] })
export class LmStudioProvider extends LocalProvider {
  protected readonly server = LM_STUDIO;

  constructor(servers: LocalServerService) {
    super(servers);
  }
}

@ModelProvider({ id: LLAMA_CPP.id, name: 'llama.cpp' })
export class LlamaCppProvider extends LocalProvider {
  protected readonly server = LLAMA_CPP;

  constructor(servers: LocalServerService) {
    super(servers);
  }
}
