import { Injectable, type OnModuleInit } from '@nestjs/common';
import { isDeepStrictEqual } from 'node:util';
import type { Config } from '#libs/contract';
import { EventBus } from '#libs/event';
import { type Instance, InstanceState, InstanceStore } from '#libs/instance';
import { ConfigService } from '../config.service.js';
import { type ConfigEdit, shadows } from '../edit/shadows.js';
import { ProblemService } from '../problem.service.js';

/** Milliseconds in which the files are looked at once, however many requests come. */
const QUIET = 250;
/** Milliseconds between two looks while nobody sends requests, but somebody is there. */
const INTERVAL = 2_000;

/**
 * Whether something that an instance is made of is no longer what it was. Rejects when its new state cannot be used: that
 * is told of, and nothing is replaced.
 */
export type ReloadCheck = () => Promise<boolean>;

interface Watch {
  /** Of what the instance is made of besides its configuration. */
  readonly checks: Map<object, ReloadCheck>;
  lookedAt: number;
  look?: Promise<void>;
  /** The configuration that waits for the end of the work. */
  next?: Config;
}

/**
 * Lets changed files take effect: an instance whose configuration, skills, plugins or tools are no longer what it was made
 * with is replaced as soon as no request and no run works with it. Files are compared by their times and sizes, which
 * works on every file system; a change that makes no difference, or cannot be used, replaces nothing.
 */
@Injectable()
export class ConfigReload implements OnModuleInit {
  private readonly watches = new InstanceState<Watch>(() => ({ checks: new Map(), lookedAt: performance.now() }));

  constructor(
    private readonly instances: InstanceStore,
    private readonly config: ConfigService,
    private readonly problems: ProblemService,
    private readonly bus: EventBus,
  ) {}

  onModuleInit(): void {
    this.instances.beforeUse((instance) => this.check(instance));
    this.instances.booted$.subscribe((instance) => {
      const timer = setInterval(() => {
        if (this.instances.isHeld(instance)) void this.check(instance);
      }, INTERVAL).unref();
      instance.signal.addEventListener('abort', () => clearInterval(timer), { once: true });
    });
  }

  /** Adds something that an instance is made of; `owner` has one check per instance. */
  watch(instance: Instance, owner: object, check: ReloadCheck): void {
    this.watches.get(instance).checks.set(owner, check);
  }

  /** What the files say: what {@link ConfigService.get} says, or will say once the work at hand is done. */
  async latest(instance: Instance): Promise<Config> {
    const next = this.watches.find(instance)?.next;
    return next ? this.config.foresee(instance, next) : this.config.get(instance);
  }

  /**
   * Reads the files after an edit, and replaces the instance in any case. What a stronger source says otherwise is told of.
   * @param own leases of the caller
   */
  async apply(instance: Instance, edit: ConfigEdit, own = 0): Promise<void> {
    // when it cannot be read, the next instance says so
    const loaded = await this.config.load(instance).catch(() => undefined);
    // one that somebody else has disposed meanwhile is replaced already
    if (loaded && !instance.signal.aborted) {
      this.watches.get(instance).next = loaded.config;
      for (const shadow of shadows(edit, loaded.layers)) this.problems.tell(instance, 'A change does not show', shadow);
    }
    await this.instances.retire(instance, own);
  }

  /** The same for every instance. Tells when those that nobody works with are gone. Never rejects. */
  async applyToAll(edit: ConfigEdit): Promise<void> {
    for (const instance of await this.instances.list()) await this.apply(instance, edit);
    this.bus.publishGlobal('global.disposed', {}, 'global');
  }

  /** Never rejects. */
  private check(instance: Instance): Promise<void> | undefined {
    const watch = this.watches.get(instance);
    if (watch.look || performance.now() - watch.lookedAt < QUIET) return watch.look;
    watch.look = this.look(instance, watch)
      .catch((error: unknown) => this.problems.tell(instance, 'A change is not used', error))
      .finally(() => {
        watch.lookedAt = performance.now();
        delete watch.look;
      });
    return watch.look;
  }

  private async look(instance: Instance, watch: Watch): Promise<void> {
    const config = await this.config.loaded(instance);
    if (!config) return;
    if (await config.trail.changed()) {
      // told once, not at every look; what is looked for in vain counts from now on
      config.trail = await config.trail.renewed();
      const next = await this.config.load(instance, config.trail);
      if (!isDeepStrictEqual(next.config, watch.next ?? config.config)) {
        watch.next = next.config;
        await this.instances.retire(instance);
        return;
      }
    }
    for (const changed of watch.checks.values())
      if (await changed()) {
        await this.instances.retire(instance);
        return;
      }
  }
}
