import { Injectable } from '@nestjs/common';
import { type Auth, type Config } from '#libs/contract';
import { ConfigService } from '#libs/config';
import { Clock, KnownSecrets } from '#libs/extension';
import { type Instance, InstanceState } from '#libs/instance';
import { ProviderSnapshot } from './provider-snapshot.js';
import { ProviderSourcesService } from './provider-sources.service.js';

/** Milliseconds after which provider classes are asked again, in the background, which models they have. */
const ASK_AGAIN = 30_000;

/** What is kept for an instance. */
interface Kept {
  snapshot?: Promise<ProviderSnapshot>;
  /** The configuration that the snapshot was made from. */
  config?: Config;
  /** Of the credentials that it was made with. */
  version?: number;
  askedAt: number;
}

/** Keeps the providers of each instance current: a new snapshot when configuration, credentials or models change. */
@Injectable()
export class ProviderSnapshotService {
  private readonly kept = new InstanceState<Kept>(() => ({ askedAt: 0 }));

  constructor(
    private readonly configs: ConfigService,
    private readonly sources: ProviderSourcesService,
    private readonly clock: Clock,
    /** Learns the keys of every snapshot. */
    readonly secrets: KnownSecrets,
  ) {}

  async get(instance: Instance): Promise<ProviderSnapshot> {
    instance.signal.throwIfAborted();
    const config = await this.configs.get(instance);
    const kept = this.kept.get(instance);
    const current = kept.config === config && kept.version === this.sources.version;
    if (!current || !kept.snapshot) this.replace(kept, config, this.make(instance, config));
    else if (this.clock.now() - kept.askedAt >= ASK_AGAIN) this.refresh(instance, kept, config, kept.snapshot);
    return await (kept.snapshot ?? this.make(instance, config));
  }

  private replace(kept: Kept, config: Config, snapshot: Promise<ProviderSnapshot>): void {
    kept.config = config;
    kept.version = this.sources.version;
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
      const before = await old;
      const declared = await this.sources.declare(instance, config, before.input.credentials);
      if (JSON.stringify(declared) === JSON.stringify(before.input.declared)) return;
      const fresh = new ProviderSnapshot({ ...before.input, declared });
      if (kept.snapshot === old) this.replace(kept, config, Promise.resolve(fresh));
    };
    renew().catch(() => undefined);
  }

  private async make(instance: Instance, config: Config): Promise<ProviderSnapshot> {
    const input = await this.sources.gather(instance, config);
    const snapshot = new ProviderSnapshot(input);
    for (const credential of input.credentials.values()) this.secrets.add(secretsOf(credential));
    this.secrets.addNamed(config);
    for (const { key, options } of snapshot.connected.values()) this.secrets.addNamed({ key, options });
    return snapshot;
  }
}

function secretsOf(credential: Auth): string[] {
  if (credential.type === 'api') return [credential.key];
  return credential.type === 'oauth' ? [credential.access, credential.refresh] : [credential.token];
}
