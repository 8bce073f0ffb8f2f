import { jest } from '@jest/globals';
import { Global, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config, Project } from '#libs/contract';
import { EventBus } from '#libs/event';
import {
  Clock,
  Environment,
  NodeProcessRunner,
  type InstalledPackage,
  PackageInstaller,
  type PackageRequest,
  ProcessRunner,
  SystemClock,
  SystemEnvironment,
} from '#libs/extension';
import { type Instance, InstanceLocator, InstanceStore } from '#libs/instance';
import { LspModule } from '../lsp.module.js';

const FAKE = fileURLToPath(new URL('fake-language-server.fixture.mjs', import.meta.url));

/** Ticks as the clock of the machine does, but can be put ahead. */
class AdvancingClock extends SystemClock {
  ahead = 0;

  override now(): number {
    return super.now() + this.ahead;
  }
}

/** Milliseconds a test waits for something that should come soon: a busy machine is slow, not broken. */
const PATIENCE = 50_000;
jest.setTimeout(PATIENCE + 10_000);

/** Looks again and again until a condition holds. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const end = Date.now() + PATIENCE; !(await condition()); await new Promise((r) => setTimeout(r, 20)))
    if (Date.now() > end) throw new Error(`Waited in vain until ${what}`);
}

/** Whether a process is there. */
export function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Knows the packages of a folder. */
class FolderInstaller extends PackageInstaller {
  constructor(private readonly registry: string) {
    super();
  }

  async install({ name }: PackageRequest): Promise<InstalledPackage> {
    const directory = join(this.registry, name);
    await readFile(join(directory, 'package.json')).catch(() =>
      Promise.reject(new Error(`no package ${name}\nlook for another`)),
    );
    return { name, version: '1.0.0', directory };
  }

  installFolder(): Promise<void> {
    return Promise.reject(new Error('nobody asks for a folder'));
  }
}

/** What the fake server wrote down. */
export interface LogEntry {
  start?: number;
  method?: string;
  params?: Record<string, unknown>;
  [more: string]: unknown;
}

/** Milliseconds that tools wait for diagnostics. */
const DIAGNOSTICS_LIMIT = 3000;
const { timeout } = AbortSignal;

/** A temporary project, and the module of language servers that works in it. */
export class LspWorld {
  /** Milliseconds that are waited for diagnostics here: more than tools do, since a busy machine is slow. */
  diagnosticsLimit = 20_000;
  readonly events: { type: string; properties: unknown }[] = [];
  readonly clock: AdvancingClock;

  private constructor(
    /** Temporary directory of everything. */
    readonly root: string,
    readonly module: TestingModule,
    readonly instance: Instance,
    readonly environment: SystemEnvironment,
  ) {
    this.clock = module.get<AdvancingClock>(Clock);
    module.get(EventBus).all$.subscribe(({ type, properties }) => this.events.push({ type, properties }));
    AbortSignal.timeout = (milliseconds) =>
      timeout.call(AbortSignal, milliseconds === DIAGNOSTICS_LIMIT ? this.diagnosticsLimit : milliseconds);
  }

  /** @param config made with the directory of the project */
  static async create(
    config: (world: { fake: (...modes: string[]) => string[]; path: (name: string) => string }) => Config = () => ({}),
    variables: Record<string, string> = {},
  ): Promise<LspWorld> {
    const root = await realpath(await mkdtemp(join(tmpdir(), 'lsp-')));
    const path = (name: string) => join(root, 'proj', name);
    const fake = (...modes: string[]) => [process.execPath, FAKE, join(root, 'log'), ...modes];
    await mkdir(join(root, 'proj'));
    await writeFile(path('opencode.json'), JSON.stringify(config({ fake, path })));
    const home = { HOME: join(root, 'home'), PATH: process.env['PATH'] ?? '', OPENCODE_DISABLE_LSP_DOWNLOAD: '1' };
    const environment = new SystemEnvironment({ ...home, ...variables }, root);
    @Global()
    @Module({
      providers: [
        { provide: Environment, useValue: environment },
        { provide: ProcessRunner, useClass: NodeProcessRunner },
        { provide: PackageInstaller, useValue: new FolderInstaller(join(root, 'registry')) },
        { provide: Clock, useClass: AdvancingClock },
        {
          provide: InstanceLocator,
          useValue: { locate: async () => ({ worktree: join(root, 'proj'), project: {} as Project }) },
        },
        InstanceStore,
        EventBus,
      ],
      exports: [Clock, Environment, PackageInstaller, ProcessRunner, InstanceStore, EventBus],
    })
    class Surroundings {}
    const module = await Test.createTestingModule({ imports: [Surroundings, LspModule] }).compile();
    await module.init();
    const { instance } = await module.get(InstanceStore).acquire(join(root, 'proj'));
    return new LspWorld(root, module, instance, environment);
  }

  /** Of the environment; may be changed. */
  get variables(): Record<string, string> {
    return this.environment.variables as Record<string, string>;
  }

  /** The command of the fake server. */
  get fake(): string[] {
    return [process.execPath, FAKE, join(this.root, 'log')];
  }

  /** Absolute path inside the project; `../x` lies beside it. */
  path(name: string): string {
    return join(this.root, 'proj', name);
  }

  async write(name: string, content: string, mode = 0o644): Promise<string> {
    await mkdir(dirname(this.path(name)), { recursive: true });
    await writeFile(this.path(name), content, { mode });
    return this.path(name);
  }

  read(name: string): Promise<string> {
    return readFile(this.path(name), 'utf8');
  }

  /** What the fake server has heard so far. */
  async log(): Promise<LogEntry[]> {
    const text = await readFile(join(this.root, 'log'), 'utf8').catch(() => '');
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as LogEntry);
  }

  /** Waits for the fake server to have heard something. */
  async heard(matches: (entry: LogEntry) => boolean): Promise<LogEntry> {
    let found: LogEntry | undefined;
    await until(async () => (found = (await this.log()).find(matches)) !== undefined, 'the server hears of it').catch(
      async (error: Error) => {
        throw new Error(`${error.message}; it heard only ${JSON.stringify(await this.log())}`);
      },
    );
    return found!;
  }

  async close(): Promise<void> {
    AbortSignal.timeout = timeout;
    await this.module.close();
    await rm(this.root, { recursive: true, force: true });
  }
}
