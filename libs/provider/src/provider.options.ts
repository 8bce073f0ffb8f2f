/** What a host may switch off. @publicApi */
export interface ProviderOptions {
  /** Look for model servers on this machine (Ollama, LM Studio, llama.cpp). Default true. */
  localModels?: boolean;
}

/** Token of optional {@link ProviderOptions}. @publicApi */
export const PROVIDER_OPTIONS = Symbol('ProviderOptions');
