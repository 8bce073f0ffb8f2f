import { Global, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, readlink, realpath, rm, writeFile } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { EventBus } from '#libs/event';
import {
  Clock,
  Environment,
  NodeProcessRunner,
  ProcessRunner,
  ProjectStore,
  SessionStore,
  SystemClock,
  SystemEnvironment,
} from '#libs/extension';
import { type Instance, InstanceStore } from '#libs/instance';
import { ProjectModule } from '../project.module.js';
import { SnapshotService } from './snapshot.service.js';

const run = promisify(execFile);

/** Time that a test may move. */
export class MovableClock extends SystemClock {
  ahead = 0;

  override now(): number {
    return super.now() + this.ahead;
  }
}

/** Real repositories and a real server part around them, in a folder that goes with it. */
export class SnapshotWorld {
  readonly clock = new MovableClock();
  readonly data: string;

  private constructor(
    readonly folder: string,
    private readonly variables: Readonly<Record<string, string | undefined>>,
  ) {
    this.data = join(folder, 'data', 'opencode');
  }

  app!: TestingModule;

  static async start(variables: Readonly<Record<string, string | undefined>> = {}): Promise<SnapshotWorld> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'snapshot-')));
    const world = new SnapshotWorld(folder, variables);
    await world.restart();
    return world;
  }

  async restart(variables: Readonly<Record<string, string | undefined>> = {}): Promise<void> {
    await this.app?.close();
    const { folder } = this;
    const all = { PATH: process.env['PATH'], HOME: folder, XDG_DATA_HOME: join(folder, 'data') };
    const environment = new SystemEnvironment({ ...all, ...this.variables, ...variables }, folder);
    const projects: Pick<ProjectStore, 'find' | 'update'> = {
      find: async () => undefined,
      update: async (_, change) => change(undefined),
    };
    const sessions: Pick<SessionStore, 'list'> = { list: async () => [] };
    const ports = [
      { provide: Environment, useValue: environment },
      { provide: ProcessRunner, useClass: NodeProcessRunner },
      { provide: Clock, useValue: this.clock },
      { provide: ProjectStore, useValue: projects },
      { provide: SessionStore, useValue: sessions },
    ];
    @Global()
    @Module({ providers: ports, exports: ports.map(({ provide }) => provide) })
    class World {}
    @Global()
    @Module({ imports: [ProjectModule], providers: [InstanceStore, EventBus], exports: [InstanceStore, EventBus] })
    class Instances {}
    this.app = await Test.createTestingModule({ imports: [World, Instances] }).compile();
  }

  async end(): Promise<void> {
    await this.app.close();
    await rm(this.folder, { recursive: true });
  }

  async open(directory: string): Promise<Instance> {
    using lease = await this.app.get(InstanceStore).acquire(directory);
    return lease.instance;
  }

  async reopen(instance: Instance): Promise<Instance> {
    await this.app.get(InstanceStore).dispose(instance);
    return this.open(instance.directory);
  }

  async git(cwd: string, ...args: string[]): Promise<string> {
    const settings = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
    const env = { PATH: process.env['PATH'], HOME: this.folder, GIT_CONFIG_GLOBAL: devNull, GIT_CONFIG_NOSYSTEM: '1' };
    const { stdout } = await run('git', [...settings, ...args], { cwd, env });
    return stdout.trim();
  }

  /** A repository whose first commit holds the files. */
  async repository(name: string, files: Readonly<Record<string, string | Buffer>> = {}): Promise<string> {
    const root = join(this.folder, name);
    await mkdir(root);
    await this.git(root, 'init', '--initial-branch=main');
    await this.write(root, files);
    await this.git(root, 'add', '--force', '.');
    await this.git(root, 'commit', '--allow-empty', '-m', 'Begin');
    return root;
  }

  /** A repository that is opened. `track` takes a snapshot, and there has to be one. */
  async project(files: Readonly<Record<string, string | Buffer>>, name = 'repo') {
    const root = await this.repository(name, files);
    const instance = await this.open(root);
    const track = async (): Promise<string> => {
      const hash = await this.app.get(SnapshotService).track(instance);
      if (hash === undefined || !/^[0-9a-f]{40}$/.test(hash)) throw new Error(`No snapshot was taken: ${hash}`);
      return hash;
    };
    return { root, instance, track };
  }

  async write(root: string, files: Readonly<Record<string, string | Buffer>>): Promise<void> {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    }
  }

  async makeExecutable(root: string, path: string): Promise<void> {
    await chmod(join(root, path), 0o755);
  }
}

/** Every file below a folder except `.git`, by its path as latin1 text: kind and content. */
export async function filesOf(root: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  const walk = async (folder: Buffer, name: string) => {
    for (const entry of await readdir(folder, { encoding: 'buffer' })) {
      if (entry.toString() === '.git') continue;
      const path = Buffer.concat([folder, Buffer.from('/'), entry]);
      const shown = name + entry.toString('latin1');
      const stats = await lstat(path);
      if (stats.isDirectory()) {
        files[`${shown}/`] = 'folder';
        await walk(path, `${shown}/`);
      } else if (stats.isSymbolicLink()) files[shown] = `link ${await readlink(path)}`;
      else files[shown] = `${stats.mode & 0o100 ? 'program' : 'file'} ${digest(await readFile(path))}`;
    }
  };
  await walk(Buffer.from(root), '');
  return files;
}

function digest(content: Buffer): string {
  return content.length < 40 ? content.toString('latin1') : createHash('sha256').update(content).digest('hex');
}
