import { Module } from '@nestjs/common';
import { ConfigModule } from '#libs/config';
import { AgentDiscoveryModule } from '#libs/extension';
import { CatalogueRefresh } from './catalogue/catalogue-refresh.service.js';
import { CatalogueService } from './catalogue/catalogue.service.js';
import { LanguageModelService } from './language-model.service.js';
import { LlamaCppProvider, LmStudioProvider, OllamaProvider } from './local/local.provider.js';
import { LocalServerService } from './local/local-server.service.js';
import { CopilotLogin } from './login/copilot-login.provider.js';
import { GitLabLogin } from './login/gitlab-login.provider.js';
import { LoginEffectsService } from './login/login-effects.service.js';
import { LoginRegistry } from './login/login.registry.js';
import { LoginService } from './login/login.service.js';
import { OpenAiLogin } from './login/openai-login.provider.js';
import { OfflineProvider } from './offline/offline.provider.js';
import { ProviderRegistry } from './provider.registry.js';
import { ProviderService } from './provider.service.js';
import { ProviderSnapshotService } from './provider-snapshot.service.js';
import { ProviderSourcesService } from './provider-sources.service.js';
import { AiSdkProviderModule } from './sdk/ai-sdk-provider.module.js';
import { AiSdkRegistry } from './sdk/ai-sdk.registry.js';
import { BUNDLED_ADAPTERS } from './sdk/bundled-adapters.js';

/** Models to talk to. The built-in providers and packages are registered in the way that those of others are. */
@Module({
  imports: [
    AgentDiscoveryModule,
    ConfigModule,
    ...BUNDLED_ADAPTERS.map((adapter) => AiSdkProviderModule.register(adapter)),
  ],
  providers: [
    ProviderService,
    ProviderSnapshotService,
    ProviderSourcesService,
    LoginRegistry,
    LoginService,
    LoginEffectsService,
    OpenAiLogin,
    CopilotLogin,
    GitLabLogin,
    LanguageModelService,
    ProviderRegistry,
    AiSdkRegistry,
    CatalogueService,
    CatalogueRefresh,
    LocalServerService,
    OllamaProvider,
    LmStudioProvider,
    LlamaCppProvider,
    OfflineProvider,
  ],
  exports: [ProviderService, LoginService],
})
export class ProviderModule {}
