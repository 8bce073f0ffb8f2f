import { Global, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { WireError } from '#libs/contract';
import { EventBus, type PublishedEvent } from '#libs/event';
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
import { ProjectModule } from './project.module.js';
import { ProjectService } from './project.service.js';
import { Vcs } from './vcs.service.js';

const run = promisify(execFile);

/** Stores in a map: the adapters are of a library of the same rank. */
function mapStore<T extends { id: string }>() {
  const rows = new Map<string, string>();
  return {
    find: async (id: string) => (rows.has(id) ? (JSON.parse(rows.get(id) ?? '') as T) : undefined),
    list: async (query: Partial<T> = {}) =>
      [...rows.values()]
        .map((text) => JSON.parse(text) as T)
        .filter((row) => Object.entries(query).every(([key, value]) => row[key as keyof T] === value)),
    insert: async (row: T) => void rows.set(row.id, JSON.stringify(row)),
    update: async (id: string, change: (stored: T | undefined) => T) => {
      const changed = change(rows.has(id) ? (JSON.parse(rows.get(id) ?? '') as T) : undefined);
      rows.set(id, JSON.stringify(changed));
      return changed;
    },
  };
}

describe('projects', () => {
  let folder: string;
  let app: TestingModule;
  let store: InstanceStore;
  let told: PublishedEvent[];
  let sessions: ReturnType<typeof mapStore>;

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'project-')));
    await start();
  });
  afterEach(async () => {
    await app.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  });

  async function start(variables: Record<string, string | undefined> = {}): Promise<void> {
    const projects = mapStore();
    sessions = mapStore();
    const environment = new SystemEnvironment({ PATH: process.env['PATH'], HOME: folder, ...variables }, folder);
    const ports = [
      { provide: Environment, useValue: environment },
      { provide: ProcessRunner, useClass: NodeProcessRunner },
      { provide: Clock, useClass: SystemClock },
      { provide: ProjectStore, useValue: projects },
      { provide: SessionStore, useValue: sessions },
    ];
    @Global()
    @Module({ providers: ports, exports: ports.map(({ provide }) => provide) })
    class World {}
    @Global()
    @Module({ imports: [ProjectModule], providers: [InstanceStore, EventBus], exports: [InstanceStore, EventBus] })
    class Instances {}
    app = await Test.createTestingModule({ imports: [World, Instances] }).compile();
    store = app.get(InstanceStore);
    told = [];
    app.get(EventBus).all$.subscribe((event) => told.push(event));
  }

  async function open(directory: string): Promise<Instance> {
    using lease = await store.acquire(directory);
    return lease.instance;
  }
  async function reopen(instance: Instance): Promise<Instance> {
    await store.dispose(instance);
    return open(instance.directory);
  }
  async function git(cwd: string, ...args: string[]): Promise<string> {
    const settings = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
    const env = { PATH: process.env['PATH'], HOME: folder, GIT_CONFIG_GLOBAL: devNull, GIT_CONFIG_NOSYSTEM: '1' };
    const { stdout } = await run('git', [...settings, ...args], { cwd, env });
    return stdout.trim();
  }
  async function repository(name = 'repo'): Promise<{ root: string; id: string }> {
    const root = await emptyRepository(name);
    await commit(root);
    return { root, id: await git(root, 'rev-parse', 'HEAD') };
  }
  async function emptyRepository(name: string): Promise<string> {
    const root = join(folder, name);
    await mkdir(join(root, 'src'), { recursive: true });
    await git(root, 'init', '--initial-branch=main');
    return root;
  }
  const commit = (root: string, message = 'Change') => git(root, 'commit', '--allow-empty', '-m', message);

  it('names a project after its first commit and keeps the name in the git directory', async () => {
    const { root, id } = await repository();
    await commit(root, 'Second');
    const { worktree, project, directory } = await open(join(root, 'src'));
    expect({ worktree, directory }).toEqual({ worktree: root, directory: join(root, 'src') });
    const time = { created: expect.any(Number), updated: expect.any(Number) };
    expect(project).toEqual({ id, worktree: root, vcs: 'git', time, sandboxes: [] });
    expect(await readFile(join(root, '.git', 'opencode'), 'utf8')).toBe(id);
    expect(JSON.parse(JSON.stringify(project))).toEqual(project);
  });

  it('believes the name that is kept, unless it is none', async () => {
    const { root, id } = await repository();
    const kept = 'a'.repeat(40);
    await writeFile(join(root, '.git', 'opencode'), `${kept}\n`);
    const instance = await open(root);
    expect(instance.project.id).toBe(kept);
    await writeFile(join(root, '.git', 'opencode'), '../../etc');
    expect((await reopen(instance)).project.id).toBe(id);
  });

  it('takes the smallest of several first commits', async () => {
    const { root, id } = await repository();
    await git(root, 'checkout', '--orphan', 'other');
    await commit(root, 'Another beginning');
    const other = await git(root, 'rev-parse', 'HEAD');
    expect((await open(root)).project.id).toBe([id, other].sort()[0]);
  });

  it('gives linked checkouts the same project and lists them as sandboxes while they exist', async () => {
    const { root, id } = await repository();
    const linked = join(folder, 'linked');
    await git(root, 'worktree', 'add', linked, '-b', 'feature');
    const [first, second] = await Promise.all([open(root), open(linked)]);
    expect(second.worktree).toBe(linked);
    expect(second.project).toMatchObject({ id, worktree: root, sandboxes: [linked] });
    expect(first.worktree).toBe(root);
    const again = await reopen(first);
    expect(again.project.sandboxes).toEqual([linked]);
    await rm(linked, { recursive: true });
    expect((await reopen(again)).project.sandboxes).toEqual([]);
    expect(await app.get(ProjectService).list()).toHaveLength(1);
  });

  it('takes a submodule as a project of its own', async () => {
    const { root } = await repository();
    const part = await repository('part');
    await git(root, '-c', 'protocol.file.allow=always', 'submodule', 'add', part.root, 'inner');
    const instance = await open(join(root, 'inner'));
    expect(instance.worktree).toBe(join(root, 'inner'));
    expect(instance.project).toMatchObject({ id: part.id, worktree: join(root, 'inner'), sandboxes: [] });
  });

  it('knows a repository without commits and a directory without git', async () => {
    const empty = await emptyRepository('empty');
    const bare = join(folder, 'bare');
    await mkdir(bare);
    const withGit = await open(empty);
    expect(withGit.worktree).toBe(empty);
    expect(withGit.project).toMatchObject({ id: 'global', worktree: empty, vcs: 'git' });
    const without = await open(bare);
    expect(without.worktree).toBe('/');
    expect(without.project).toMatchObject({ id: 'global', worktree: '/' });
    expect(without.project).not.toHaveProperty('vcs');
  });

  it('is not misled by git variables of the server, and works inside the git directory', async () => {
    const { root, id } = await repository();
    const other = await repository('other');
    await app.close();
    await start({ GIT_DIR: join(other.root, '.git'), GIT_WORK_TREE: other.root });
    expect((await open(root)).project.id).toBe(id);
    expect((await open(join(root, '.git'))).project).toMatchObject({ id, worktree: root });
  });

  it('works without git: by the kept id, bounded by the checkout, without version control', async () => {
    const { root, id } = await repository();
    const fresh = await repository('fresh');
    await open(root);
    await app.close();
    await start({ PATH: folder });
    const known = await open(root);
    expect(known.worktree).toBe(root);
    expect(known.project.id).toBe(id);
    expect(known.project).not.toHaveProperty('vcs');
    expect((await open(fresh.root)).project).toMatchObject({ id: 'global', worktree: fresh.root });
    expect(await app.get(Vcs).branch(known)).toBeUndefined();
    await app.close();
    await start({ PATH: folder, OPENCODE_FAKE_VCS: 'git' });
    expect((await open(root)).project.vcs).toBe('git');
  });

  it('refuses what is not a directory, naming it', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await symlink(join(folder, 'loop'), join(folder, 'loop'));
    const failure = async (directory: string) => {
      const error = await open(directory).catch((reason: unknown) => reason);
      return WireError.is(error) ? [error.status, error.message.includes(directory)] : error;
    };
    expect(await failure(join(folder, 'missing'))).toEqual([404, true]);
    expect(await failure(join(file, 'below'))).toEqual([404, true]);
    expect(await failure(file)).toEqual([400, true]);
    expect(await failure(join(folder, 'loop'))).toEqual([400, true]);
    expect(await failure(join(folder, 'nul\0'))).toEqual([400, true]);
    expect(await failure(join(folder, 'x'.repeat(5_000)))).toEqual([400, true]);
    await mkdir(join(folder, 'missing'));
    expect((await open(join(folder, 'missing'))).project.id).toBe('global');
  });

  it('tells the global stream of every boot, and keeps what was set by hand', async () => {
    const { root, id } = await repository();
    const instance = await open(root);
    expect(told.map(({ globalText }) => JSON.parse(globalText) as unknown)).toEqual([
      { payload: { type: 'project.updated', properties: instance.project } },
    ]);
    const edited = {
      ...instance.project,
      name: 'Mine',
      icon: { color: 'red' },
      time: { created: 1, updated: 2, initialized: 3 },
    };
    await app.get(ProjectStore).update(id, () => edited);
    const { project } = await reopen(instance);
    expect(project).toEqual({ ...edited, time: { created: 1, updated: expect.any(Number), initialized: 3 } });
    expect(project.time.updated).toBeGreaterThan(2);
    expect(await app.get(ProjectService).current(instance)).toEqual(project);
    expect(await app.get(ProjectService).list()).toEqual([project]);
    expect(await app.get(ProjectStore).find(id)).toEqual(project);
  });

  it('keeps what another process stores while a directory is opened', async () => {
    const { root, id } = await repository();
    const linked = join(folder, 'linked');
    const other = join(folder, 'other');
    for (const path of [linked, other]) await git(root, 'worktree', 'add', '--quiet', '--detach', path);
    await open(root);
    const store = app.get(ProjectStore);
    const stored = await store.find(id);
    // when this one has read the project, the other one opens a worktree of it
    const find = store.find.bind(store);
    store.find = async () => {
      store.find = find;
      await store.update(id, (project) => ({ ...project!, name: 'Mine', sandboxes: [other] }));
      return stored;
    };
    const { project } = await open(linked);
    expect(project).toMatchObject({ name: 'Mine', sandboxes: [other, linked] });
    expect(await store.find(id)).toEqual(project);
  });

  it('takes a found icon only while nobody has chosen one', async () => {
    const { root, id } = await repository();
    await open(root);
    const projects = app.get(ProjectService);
    await projects.update(id, { icon: { color: 'red' } });
    expect((await projects.suggestIcon(id, 'data:,found')).icon).toEqual({ color: 'red', url: 'data:,found' });
    expect((await projects.suggestIcon(id, 'data:,other')).icon).toEqual({ color: 'red', url: 'data:,found' });
  });

  it('moves sessions of a directory to the project that it became', async () => {
    const root = await emptyRepository('young');
    const instance = await open(root);
    const session = { projectID: 'global', time: { created: 1, updated: 1 } };
    await sessions.insert({ id: 'ses_a', directory: root, ...session } as never);
    await sessions.insert({ id: 'ses_b', directory: join(root, 'src'), ...session } as never);
    await commit(root);
    const { project } = await reopen(instance);
    expect(project.id).not.toBe('global');
    expect(await sessions.find('ses_a')).toMatchObject({ projectID: project.id, time: { updated: 1 } });
    expect(await sessions.find('ses_b')).toMatchObject({ projectID: 'global' });
  });

  it('names the branch as it is now', async () => {
    const vcs = app.get(Vcs);
    const { root } = await repository();
    const instance = await open(root);
    expect(await vcs.branch(instance)).toBe('main');
    await git(root, 'checkout', '-b', 'topic/one');
    expect(await vcs.branch(instance)).toBe('topic/one');
    await git(root, 'checkout', '--detach');
    expect(await vcs.branch(instance)).toBe('HEAD');
    expect(await vcs.branch(await open(await emptyRepository('empty')))).toBe('HEAD');
    await mkdir(join(folder, 'plain'));
    expect(await vcs.branch(await open(join(folder, 'plain')))).toBeUndefined();
    await rm(root, { recursive: true, force: true, maxRetries: 3 });
    expect(await vcs.branch(instance)).toBeUndefined();
    await expect(stat(root)).rejects.toThrow();
  });
});
