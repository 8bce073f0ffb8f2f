export { isContextOverflow } from './answer/context-overflow.js';
export type { MessageError } from './answer/message-error.js';
export { costOf, tokensOf } from './answer/usage.js';
export { CatalogueRefresh } from './catalogue/catalogue-refresh.service.js';
export { redactOptions } from './connected/redact.js';
export { parseModelName } from './choice/model-name.js';
export { LoginService } from './login/login.service.js';
export { PROVIDER_OPTIONS, type ProviderOptions } from './provider.options.js';
export { ProviderModule } from './provider.module.js';
export { ProviderService } from './provider.service.js';
export { adaptPrompt } from './request/adapt-prompt.js';
export { adaptSchema } from './request/adapt-schema.js';
export { type CallSettings, callSettings, type CallSettingsInput, OUTPUT_TOKEN_MAX } from './request/call-settings.js';
export type {
  AiSdkAdapter,
  AiSdkOptions,
  AnyLanguageModel,
  LanguageModelFactory,
  ModelRequest,
} from './sdk/ai-sdk-adapter.js';
export { AiSdkProviderModule } from './sdk/ai-sdk-provider.module.js';
export { ProviderInitError } from './sdk/provider-init.error.js';
export { modelProviderContract, type ModelProviderUnderTest } from './testing/model-provider-contract.js';
