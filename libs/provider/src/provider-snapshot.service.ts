import { Injectable } from '@nestjs/common';
import { type Config, NotFoundError } from '#libs/contract';
import { ConfigService } from '#libs/config';
import { Clock, Environment } from '#libs/extension';
import { type Instance, InstanceState } from '#libs/instance';
import { CatalogueService } from './catalogue/catalogue.service.js';
import type { DeclaredProvider } from './connected/connect.js';
import { ProviderRegistry } from './provider.registry.js';
import { ProviderSnapshot } from './provider-snapshot.js';

/** Milliseconds after which provider classes are asked again, in the background, which models they have. */
const ASK_AGAIN = 30_000;

/** What is kept for an instance. */
interface Kept {
  snapshot?: Promise<ProviderSnapshot>;
  /** The configuration that the snapshot was made from. */
  config?: Config;
  askedAt: number;
}

/** Keeps the providers of each instance current: a new snapshot when the configuration or the models change. */
@Injectable()
export class ProviderSnapshotService {
  private readonly kept = new InstanceState<Kept>(() => ({ askedAt: 0 }));

  constructor(
    private readonly configs: ConfigService,
    private readonly catalogue: CatalogueService,
    private readonly registry: ProviderRegistry,
    private readonly environment: Environment,
    private readonly clock: Clock,
  ) {}

  async get(instance: Instance): Promise<ProviderSnapshot> {
    if (instance.signal.aborted) throw new NotFoundError(`Instance ${instance.directory} is disposed`);
    const config = await this.configs.get(instance);
    const kept = this.kept.get(instance);
    if (kept.config !== config || !kept.snapshot) this.replace(kept, config, this.make(instance, config));
    else if (this.clock.now() - kept.askedAt >= ASK_AGAIN) this.refresh(instance, kept, config, kept.snapshot);
    return await (kept.snapshot ?? this.make(instance, config));
  }

  private replace(kept: Kept, config: Config, snapshot: Promise<ProviderSnapshot>): void {
    kept.config = config;
    kept.snapshot = snapshot;
    kept.askedAt = this.clock.now();
    snapshot.catch(() => {
      // a failure is not kept
      if (kept.snapshot === snapshot) delete kept.snapshot;
    });
  }

  /** Models come and go while the server runs; whoever asks meanwhile gets the old answer at once. */
  private refresh(instance: Instance, kept: Kept, config: Config, old: Promise<ProviderSnapshot>): void {
    kept.askedAt = this.clock.now();
    const renew = async () => {
      const [declared, before] = [await this.declare(instance, config), await old];
      if (JSON.stringify(declared) === JSON.stringify(before.input.declared)) return;
      const fresh = new ProviderSnapshot({ ...before.input, declared });
      if (kept.snapshot === old) this.replace(kept, config, Promise.resolve(fresh));
    };
    renew().catch(() => undefined);
  }

  private async make(instance: Instance, config: Config): Promise<ProviderSnapshot> {
    const [catalogue, declared] = await Promise.all([this.catalogue.get(), this.declare(instance, config)]);
    return new ProviderSnapshot({
      catalogue,
      config,
      declared,
      variables: this.environment.variables,
      alpha: this.environment.flag('OPENCODE_ENABLE_EXPERIMENTAL_MODELS'),
    });
  }

  private declare(instance: Instance, config: Config): Promise<DeclaredProvider[]> {
    return this.registry.declare((id) => {
      const settings = config.provider?.[id];
      return { instance, options: settings?.options ?? {}, ...(settings ? { config: settings } : {}) };
    });
  }
}
