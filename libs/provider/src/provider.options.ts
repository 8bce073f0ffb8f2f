/** What a host may switch off. */
export interface ProviderOptions {
  /** Look for model servers on this machine (Ollama, LM Studio, llama.cpp). Default true. */
  localModels?: boolean;
  /** Download the catalogue of models from models.dev at the start and every hour. Default false. */
  refreshCatalogue?: boolean;
}

/** Token of optional {@link ProviderOptions}. */
export const PROVIDER_OPTIONS = Symbol('ProviderOptions');
