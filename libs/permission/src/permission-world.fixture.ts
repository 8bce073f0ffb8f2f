import { ConsoleLogger, Global, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import type { PermissionRuleset, Project, Session } from '#libs/contract';
import { EventBus } from '#libs/event';
import { Clock, Environment, HookRegistry, PermissionPolicy, SessionStore, SystemEnvironment } from '#libs/extension';
import { type Instance, InstanceLocator, InstanceStore } from '#libs/instance';
import { PermissionModule } from './permission.module.js';
import { PERMISSION_OPTIONS, type PermissionOptions } from './permission.options.js';

/** Time that passes when a test says so. */
export class ManualClock extends Clock {
  private readonly open = new Set<{ milliseconds: number; wake: () => void }>();
  private readonly waiting: { count: number; tell: () => void }[] = [];

  override now(): number {
    return 0;
  }

  override async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const sleeper = { milliseconds, wake: resolve };
    this.open.add(sleeper);
    for (const { count, tell } of this.waiting) if (this.open.size >= count) tell();
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    await promise.finally(() => this.open.delete(sleeper));
  }

  /** Waits until so many sleep, and tells how long they mean to. */
  async sleepers(count: number): Promise<number[]> {
    if (this.open.size < count) await new Promise<void>((tell) => this.waiting.push({ count, tell }));
    return [...this.open].map(({ milliseconds }) => milliseconds);
  }

  /** Wakes all. */
  pass(): void {
    for (const { wake } of this.open) wake();
  }
}

export interface PermissionWorldOptions {
  variables?: Record<string, string>;
  options?: PermissionOptions;
  policy?: PermissionPolicy;
}

/** The permission module of a running application with one instance. */
export class PermissionWorld {
  private constructor(
    readonly module: TestingModule,
    readonly instance: Instance,
    readonly clock: ManualClock,
    private readonly sessions: Map<string, Session>,
  ) {}

  static async create({ variables = {}, options, policy }: PermissionWorldOptions = {}): Promise<PermissionWorld> {
    const clock = new ManualClock();
    const sessions = new Map<string, Session>();
    const sessionStore: Pick<SessionStore, 'find'> = {
      find: async (id) => {
        if (id.endsWith('broken')) throw new Error('disk full');
        return sessions.get(id);
      },
    };
    @Global()
    @Module({
      providers: [
        { provide: InstanceLocator, useValue: { locate: async () => ({ worktree: '/', project: {} as Project }) } },
        { provide: Environment, useValue: new SystemEnvironment(variables, '/') },
        { provide: Clock, useValue: clock },
        { provide: SessionStore, useValue: sessionStore },
        { provide: PERMISSION_OPTIONS, useValue: options },
        { provide: PermissionPolicy, useValue: policy },
        InstanceStore,
        EventBus,
        HookRegistry,
      ],
      exports: [
        Clock,
        Environment,
        EventBus,
        HookRegistry,
        InstanceStore,
        PERMISSION_OPTIONS,
        PermissionPolicy,
        SessionStore,
      ],
    })
    class Surroundings {}
    const module = await Test.createTestingModule({ imports: [Surroundings, PermissionModule] })
      .setLogger(new ConsoleLogger({ logLevels: [] }))
      .compile();
    const { instance } = await module.get(InstanceStore).acquire('/proj');
    return new PermissionWorld(module, instance, clock, sessions);
  }

  get bus(): EventBus {
    return this.module.get(EventBus);
  }

  get store(): InstanceStore {
    return this.module.get(InstanceStore);
  }

  /** Stores a session with these rules. */
  session(id: string, permission?: PermissionRuleset, parentID?: string): void {
    this.sessions.set(id, { id, permission, parentID } as Session);
  }

  close(): Promise<void> {
    return this.module.close();
  }
}
