import { Inject, Injectable, Logger, type OnModuleDestroy, Optional } from '@nestjs/common';
import { Subject } from 'rxjs';
import { resolve } from 'node:path';
import { InstanceLocator } from './instance-locator.port.js';
import { InstanceState } from './instance-state.js';
import { Instance } from './instance.js';

/** A counted hold on an instance: while one is open the instance is not evicted. */
export interface InstanceLease extends Disposable {
  readonly instance: Instance;
  /** Idempotent. */
  release(): void;
}

export interface InstanceStoreOptions {
  /** Milliseconds an instance without leases is kept. */
  idleTimeout: number;
}
export const INSTANCE_STORE_OPTIONS = Symbol('InstanceStoreOptions');
const DEFAULTS: InstanceStoreOptions = { idleTimeout: 30 * 60_000 };

interface Entry {
  readonly boot: Promise<Instance>;
  leases: number;
  idle?: NodeJS.Timeout;
}

/**
 * The instances that are alive, by normalised directory. Concurrent callers share one boot, a failed boot is
 * forgotten, the last release starts the idle timer, shutdown disposes the newest first.
 * @publicApi
 */
@Injectable()
export class InstanceStore implements OnModuleDestroy {
  private readonly log = new Logger(InstanceStore.name);
  private readonly entries = new Map<string, Entry>();
  private readonly ending = new Map<string, Promise<void>>();
  private readonly booted = new Subject<Instance>();
  private readonly options: InstanceStoreOptions;
  private closed = false;

  /** Every instance, at the moment it exists and before anybody uses it. */
  readonly booted$ = this.booted.asObservable();

  constructor(
    private readonly locator: InstanceLocator,
    @Optional() @Inject(INSTANCE_STORE_OPTIONS) options?: Partial<InstanceStoreOptions>,
  ) {
    this.options = { ...DEFAULTS, ...options };
  }

  async acquire(directory: string): Promise<InstanceLease> {
    const key = resolve(directory);
    await this.ending.get(key);
    if (this.closed) throw new Error('The server is shutting down');
    const entry = this.entries.get(key) ?? this.start(key);
    entry.leases++;
    clearTimeout(entry.idle);
    try {
      const instance = await entry.boot;
      return this.lease(key, entry, instance);
    } catch (error) {
      entry.leases--;
      throw error;
    }
  }

  /** Another hold on an instance that the caller already holds. */
  retain(instance: Instance): InstanceLease {
    const entry = this.entries.get(instance.directory);
    if (!entry) throw new Error(`Instance ${instance.directory} is already disposed`);
    entry.leases++;
    clearTimeout(entry.idle);
    return this.lease(instance.directory, entry, instance);
  }

  /** Runs `work` with the instance held. */
  async use<T>(directory: string, work: (instance: Instance) => T | Promise<T>): Promise<T> {
    using lease = await this.acquire(directory);
    return await work(lease.instance);
  }

  async list(): Promise<Instance[]> {
    const boots = await Promise.allSettled([...this.entries.values()].map((entry) => entry.boot));
    return boots.flatMap((boot) => (boot.status === 'fulfilled' ? [boot.value] : []));
  }

  /** Ends everything the instance owns. Requests that come meanwhile wait and boot a new one. */
  async dispose(instance: Instance): Promise<void> {
    const key = instance.directory;
    if (!this.entries.has(key)) return this.ending.get(key);
    const entry = this.entries.get(key);
    clearTimeout(entry?.idle);
    this.entries.delete(key);
    const end = this.end(instance).finally(() => this.ending.delete(key));
    this.ending.set(key, end);
    return end;
  }

  /** Disposes all instances, newest first. */
  async disposeAll(): Promise<void> {
    for (const instance of (await this.list()).reverse()) await this.dispose(instance);
  }

  async onModuleDestroy(): Promise<void> {
    this.closed = true;
    await this.disposeAll();
    this.booted.complete();
  }

  private start(key: string): Entry {
    const entry: Entry = { boot: this.boot(key), leases: 0 };
    this.entries.set(key, entry);
    entry.boot.catch(() => {
      if (this.entries.get(key) === entry) this.entries.delete(key);
    });
    return entry;
  }

  private async boot(key: string): Promise<Instance> {
    const instance = new Instance(key, await this.locator.locate(key));
    this.booted.next(instance);
    return instance;
  }

  private async end(instance: Instance): Promise<void> {
    instance.end();
    for (const failure of await InstanceState.disposeAll(instance))
      this.log.warn(`Disposing ${instance.directory}: ${String(failure)}`);
  }

  private lease(key: string, entry: Entry, instance: Instance): InstanceLease {
    let open = true;
    const release = () => {
      if (!open) return;
      open = false;
      entry.leases--;
      if (entry.leases > 0 || this.entries.get(key) !== entry) return;
      entry.idle = setTimeout(() => void this.dispose(instance), this.options.idleTimeout).unref();
    };
    return { instance, release, [Symbol.dispose]: release };
  }
}
