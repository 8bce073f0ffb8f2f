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
  /** From now on the holder only looks on: it keeps the instance alive, and does not keep it from being replaced. */
  watch(): void;
}

/** Looked at before an instance that is there already is given out; it may {@link InstanceStore.retire} it. */
export type InstanceCheck = (instance: Instance) => Promise<void> | undefined;

/**
 * Work on a new instance that has to be done before anybody uses it. Resolves to false when it cannot be done yet and
 * need not keep the instance from those who can do without: whoever asks next tries again.
 */
export type InstanceSetup = (instance: Instance) => Promise<boolean>;

export interface AcquireOptions {
  /** For what sets the instance up, or is called by it: the instance is given out before it is ready. */
  unready?: boolean;
}

export interface InstanceStoreOptions {
  /** Milliseconds an instance without leases is kept. */
  idleTimeout: number;
}
export const INSTANCE_STORE_OPTIONS = Symbol('InstanceStoreOptions');
const DEFAULTS: InstanceStoreOptions = { idleTimeout: 30 * 60_000 };

interface Entry {
  readonly boot: Promise<Instance>;
  /** Absent until somebody asks, and after a failure. */
  ready?: Promise<boolean>;
  leases: number;
  /** Leases of those that only look on. */
  watching: number;
  /** To be disposed when nobody works with it any more. */
  retired?: boolean;
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
  private check?: InstanceCheck;
  private setup?: InstanceSetup;
  private closed = false;

  /** Every instance, at the moment it exists and before anybody uses it; completes at shutdown. */
  readonly booted$ = this.booted.asObservable();

  constructor(
    private readonly locator: InstanceLocator,
    @Optional() @Inject(INSTANCE_STORE_OPTIONS) options?: Partial<InstanceStoreOptions>,
  ) {
    this.options = { ...DEFAULTS, ...options };
  }

  /** Rejects with what its setup fails with; the next call tries again. */
  async acquire(directory: string, { unready = false }: AcquireOptions = {}): Promise<InstanceLease> {
    const key = resolve(directory);
    for (;;) {
      await this.ending.get(key);
      if (this.closed) throw new Error('The server is shutting down');
      const known = this.entries.get(key);
      const entry = known ?? this.start(key);
      const instance = await entry.boot;
      if (known) await this.check?.(instance);
      if (!unready && this.entries.get(key) === entry) await this.prepare(key, entry, instance);
      // it may have been disposed meanwhile
      if (this.entries.get(key) === entry) return this.lease(key, entry, instance);
    }
  }

  /** Sets the check of {@link acquire}; it must not reject. */
  beforeUse(check: InstanceCheck): void {
    this.check = check;
  }

  /** Sets the work that {@link acquire} waits for, once per instance. */
  beforeFirstUse(setup: InstanceSetup): void {
    this.setup = setup;
  }

  /** Another hold on an instance that the caller already holds. Throws the InstanceDisposedError of one that is gone. */
  retain(instance: Instance): InstanceLease {
    instance.signal.throwIfAborted();
    const entry = this.entries.get(instance.directory);
    if (!entry) throw new Error(`Instance ${instance.directory} was not made here`);
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
    const entry = this.entryOf(instance);
    if (!entry) return this.ending.get(key);
    clearTimeout(entry.idle);
    this.entries.delete(key);
    const end = this.end(instance).finally(() => this.ending.delete(key));
    this.ending.set(key, end);
    return end;
  }

  /**
   * Disposes the instance as soon as nobody works with it, those that only look on aside: now, or at the end of the
   * last request or run. Resolves to whether it is disposed.
   * @param own leases of the caller, which do not count
   */
  async retire(instance: Instance, own = 0): Promise<boolean> {
    const entry = this.entryOf(instance);
    if (!entry) return true;
    entry.retired = true;
    if (entry.leases - entry.watching > own) return false;
    await this.dispose(instance);
    return true;
  }

  /** Whether anybody holds it, and be it to look on. */
  isHeld(instance: Instance): boolean {
    return (this.entryOf(instance)?.leases ?? 0) > 0;
  }

  /** Disposes all instances, newest first; resolves when those that were ending already are gone too. */
  async disposeAll(): Promise<void> {
    for (const instance of (await this.list()).reverse()) await this.dispose(instance);
    await Promise.all(this.ending.values());
  }

  /** Whether the server is shutting down: nothing comes after what is disposed now. */
  get closing(): boolean {
    return this.closed;
  }

  async onModuleDestroy(): Promise<void> {
    this.closed = true;
    await this.disposeAll();
    this.booted.complete();
  }

  /** Of an instance that lives; its directory may have a newer one when it does not. */
  private entryOf({ directory, signal }: Instance): Entry | undefined {
    return signal.aborted ? undefined : this.entries.get(directory);
  }

  private start(key: string): Entry {
    const entry: Entry = { boot: this.boot(key), leases: 0, watching: 0 };
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

  private async prepare(key: string, entry: Entry, instance: Instance): Promise<void> {
    if (!this.setup) return;
    if (!entry.ready) {
      const ready = this.setup(instance);
      entry.ready = ready;
      const again = () => {
        if (entry.ready === ready) delete entry.ready;
      };
      ready.then((done) => done || again(), again);
    }
    // held meanwhile, and left to its idle timer if that fails
    using _lease = this.lease(key, entry, instance);
    await entry.ready;
  }

  private async end(instance: Instance): Promise<void> {
    instance.end();
    for (const failure of await InstanceState.disposeAll(instance))
      this.log.warn(`Disposing ${instance.directory}: ${String(failure)}`);
  }

  private lease(key: string, entry: Entry, instance: Instance): InstanceLease {
    let [open, watching] = [true, false];
    entry.leases++;
    clearTimeout(entry.idle);
    const settle = () => {
      if (this.entries.get(key) !== entry) return;
      if (entry.retired && entry.leases === entry.watching) void this.dispose(instance);
      else if (entry.leases === 0)
        entry.idle = setTimeout(() => void this.dispose(instance), this.options.idleTimeout).unref();
    };
    const watch = () => {
      if (!open || watching) return;
      watching = true;
      entry.watching++;
      settle();
    };
    const release = () => {
      if (!open) return;
      open = false;
      entry.leases--;
      if (watching) entry.watching--;
      settle();
    };
    return { instance, release, watch, [Symbol.dispose]: release };
  }
}
