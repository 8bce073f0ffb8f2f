import { Injectable } from '@nestjs/common';
import type { Auth, Config } from '#libs/contract';
import { CredentialStore, Environment } from '#libs/extension';
import type { Instance } from '#libs/instance';
import { CatalogueService } from './catalogue/catalogue.service.js';
import { candidateOf, type DeclaredProvider } from './connected/connect.js';
import { LoginEffectsService } from './login/login-effects.service.js';
import { ProviderRegistry } from './provider.registry.js';
import type { SnapshotInput } from './provider-snapshot.js';

/** Gathers what the providers of an instance follow from. */
@Injectable()
export class ProviderSourcesService {
  constructor(
    private readonly catalogue: CatalogueService,
    private readonly registry: ProviderRegistry,
    private readonly environment: Environment,
    private readonly credentials: CredentialStore,
    private readonly logins: LoginEffectsService,
  ) {}

  /** Changes when something was stored or removed. */
  get version(): number {
    return this.credentials.version;
  }

  async gather(instance: Instance, config: Config): Promise<SnapshotInput> {
    const [catalogue, credentials] = await Promise.all([this.catalogue.get(), this.credentials.list()]);
    const { variables } = this.environment;
    const [declared, logins] = await Promise.all([
      this.declare(instance, config, credentials),
      this.logins.load(instance, credentials, (id) => candidateOf(id, { catalogue, variables, credentials })),
    ]);
    const alpha = this.environment.flag('OPENCODE_ENABLE_EXPERIMENTAL_MODELS');
    return { catalogue, config, declared, credentials, logins, variables, alpha };
  }

  /** Asks the provider classes for their models. */
  declare(instance: Instance, config: Config, credentials: ReadonlyMap<string, Auth>): Promise<DeclaredProvider[]> {
    return this.registry.declare((id) => {
      const settings = config.provider?.[id];
      const stored = credentials.get(id);
      return {
        instance,
        options: settings?.options ?? {},
        ...(settings ? { config: settings } : {}),
        ...(stored?.type === 'api' ? { key: stored.key } : {}),
      };
    });
  }
}
