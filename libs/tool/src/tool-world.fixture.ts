import { Global, Module, type Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Project, Todo } from '#libs/contract';
import { EventBus } from '#libs/event';
import {
  Clock,
  Environment,
  HookRegistry,
  HostedSearch,
  NodeProcessRunner,
  NpmPackageInstaller,
  PackageInstaller,
  ProcessRunner,
  SearchService,
  SessionStore,
  ShellEnvironment,
  SystemClock,
  SystemEnvironment,
  TodoStore,
  type ToolContext,
  type ToolPermission,
  type ToolProgress,
  type ToolResult,
} from '#libs/extension';
import { InstanceLocator, InstanceStore, type Instance } from '#libs/instance';
import { ToolModule } from './tool.module.js';
import { ToolRegistry } from './tool.registry.js';

export interface ToolWorldOptions {
  variables?: Record<string, string>;
  imports?: Type[];
  /** Default: the hosted service, switched off. */
  search?: SearchService;
}

/** A temporary project, and the tool module of a running application that works in it. */
export class ToolWorld {
  readonly asks: ToolPermission[] = [];
  readonly updates: ToolProgress[] = [];
  readonly events: { type: string; properties: unknown }[] = [];
  readonly todos = new Map<string, readonly Todo[]>();
  /** What happens when a tool asks. */
  onAsk: (permission: ToolPermission) => Promise<void> | void = () => undefined;
  readonly module: TestingModule;
  readonly instance: Instance;

  private constructor(
    /** Temporary directory of everything. */
    readonly root: string,
    parts: { module: TestingModule; instance: Instance },
  ) {
    this.module = parts.module;
    this.instance = parts.instance;
    this.module.get(EventBus).all$.subscribe(({ type, properties }) => this.events.push({ type, properties }));
  }

  static async create({ variables, imports = [], search }: ToolWorldOptions = {}): Promise<ToolWorld> {
    const root = await realpath(await mkdtemp(join(tmpdir(), 'tool-')));
    await mkdir(join(root, 'proj'));
    const lists = new Map<string, readonly Todo[]>();
    const todoStore: TodoStore = {
      list: async (id) => [...(lists.get(id) ?? [])],
      replace: async (id, todos) => void lists.set(id, todos),
    };
    const sessionStore: Pick<SessionStore, 'find'> = { find: async () => undefined };
    const home = {
      HOME: join(root, 'home'),
      // npm puts the programs of this package in front: they are not those of the project
      PATH: (process.env['PATH'] ?? '').replaceAll(/[^:]*node_modules\/\.bin:/g, ''),
      SHELL: '/bin/bash',
      OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
    };
    @Global()
    @Module({
      providers: [
        { provide: Environment, useValue: new SystemEnvironment({ ...home, ...variables }, root) },
        { provide: ProcessRunner, useClass: NodeProcessRunner },
        { provide: PackageInstaller, useClass: NpmPackageInstaller },
        { provide: Clock, useClass: SystemClock },
        {
          provide: SearchService,
          useFactory: (environment: Environment) => search ?? new HostedSearch(environment),
          inject: [Environment],
        },
        { provide: SessionStore, useValue: sessionStore },
        { provide: TodoStore, useValue: todoStore },
        {
          provide: InstanceLocator,
          useValue: { locate: async (directory: string) => ({ worktree: directory, project: {} as Project }) },
        },
        InstanceStore,
        EventBus,
        HookRegistry,
        ShellEnvironment,
      ],
      exports: [
        Clock,
        Environment,
        EventBus,
        HookRegistry,
        InstanceStore,
        PackageInstaller,
        ProcessRunner,
        SearchService,
        SessionStore,
        ShellEnvironment,
        TodoStore,
      ],
    })
    class Surroundings {}
    const boot = async () => {
      const module = await Test.createTestingModule({ imports: [Surroundings, ToolModule, ...imports] }).compile();
      return module.init();
    };
    const module = await boot().catch(async (error: unknown) => {
      await rm(root, { recursive: true, force: true });
      throw error;
    });
    const { instance } = await module.get(InstanceStore).acquire(join(root, 'proj'));
    const world = new ToolWorld(root, { module, instance });
    Object.assign(world, { todos: lists });
    return world;
  }

  get registry(): ToolRegistry {
    return this.module.get(ToolRegistry);
  }

  /** Absolute path inside the project; `../x` lies beside it. */
  path(name: string): string {
    return join(this.root, 'proj', name);
  }

  async write(name: string, content: string | Uint8Array): Promise<string> {
    await mkdir(dirname(this.path(name)), { recursive: true });
    await writeFile(this.path(name), content);
    return this.path(name);
  }

  read(name: string): Promise<string> {
    return readFile(this.path(name), 'utf8');
  }

  context(overrides: Partial<ToolContext> = {}): ToolContext {
    return {
      instance: this.instance,
      sessionID: 'ses_1',
      messageID: 'msg_1',
      callID: 'call_1',
      agent: 'build',
      messages: [],
      signal: new AbortController().signal,
      ask: async (permission) => {
        this.asks.push(permission);
        await this.onAsk(permission);
      },
      update: (progress) => void this.updates.push(progress),
      ...overrides,
    };
  }

  async run(tool: string, input: unknown, overrides?: Partial<ToolContext>): Promise<ToolResult> {
    const registered = await this.registry.find(this.instance, tool);
    if (!registered) throw new Error(`no tool ${tool}`);
    return registered.execute(input, this.context(overrides));
  }

  /** The message a call fails with. */
  async fail(tool: string, input: unknown, overrides?: Partial<ToolContext>): Promise<string> {
    const outcome = await this.run(tool, input, overrides).then(
      () => undefined,
      (error: unknown) => error as Error,
    );
    if (!outcome) throw new Error(`${tool} did not fail`);
    return outcome.message;
  }

  async close(): Promise<void> {
    await this.module.close();
    await rm(this.root, { recursive: true, force: true });
  }
}
