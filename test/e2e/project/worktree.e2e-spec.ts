import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TemporaryProject, TestServer, type EventReader } from '../../../src/testing.js';
import { makeFolder, removeFolder } from '../../../src/testing/temporary-folder.js';
import { alive } from '../../helpers/alive.js';
import { ProjectClient } from '../../helpers/project-client.js';
import { until } from '../../helpers/until.js';

const ROUTE = '/experimental/worktree';

describe('worktrees', () => {
  let server: TestServer;
  let project: TemporaryProject;
  let client: ProjectClient;
  let all: EventReader;
  beforeEach(async () => {
    server = await TestServer.start();
    project = await TemporaryProject.create({ git: true, files: { 'a.txt': 'a\n', 'b/c.txt': 'c\n' } });
    client = new ProjectClient(server, project);
    all = await server.events();
  });
  afterEach(async () => {
    await server.close();
    await project.remove();
  });
  const remove = (directory: unknown) =>
    server.request(ROUTE, { directory: project.directory, method: 'DELETE', json: { directory } });
  const reset = (directory: unknown) => client.post(`${ROUTE}/reset`, { directory });
  const sandboxes = async () => (await client.get('/project/current')).body.sandboxes as string[];
  /** A worktree whose files are there. */
  async function create(input: object = {}): Promise<{ name: string; branch: string; directory: string }> {
    const { status, body } = await client.post(ROUTE, input);
    expect(status).toBe(200);
    const ready = await all.next(
      ({ type, properties }) => type === 'worktree.ready' && properties['name'] === body.name,
    );
    expect(ready.properties).toEqual({ name: body.name, branch: body.branch });
    return body;
  }
  const appears = (...path: string[]) => until(() => existsSync(join(...path)), `${path.join('/')} appears`);

  it('are made with files, an instance and their commands', async () => {
    const { body: current } = await client.get('/project/current');
    await client.patch(`/project/${current.id}`, { commands: { start: 'pwd > first && echo $0 >> order' } });
    const made = await create({ name: 'My Feature: Ünïcode!', startCommand: 'echo second >> order' });
    expect(made.name).toMatch(/^my-feature-n-code$/);
    expect(made).toEqual({
      name: made.name,
      branch: `opencode/${made.name}`,
      directory: join(server.home, '.local/share/opencode/worktree', current.id, made.name),
    });
    expect(await readFile(join(made.directory, 'b/c.txt'), 'utf8')).toBe('c\n');
    expect(await project.git('-C', made.directory, 'branch', '--show-current')).toBe(`${made.branch}\n`);
    await appears(made.directory, 'order');
    expect(await readFile(join(made.directory, 'first'), 'utf8')).toBe(`${made.directory}\n`);
    expect((await client.get(ROUTE)).body).toEqual([made.directory]);
    expect(await sandboxes()).toEqual([made.directory]);
    expect(all.all('project.updated').map(({ properties }) => properties['sandboxes'])).toContainEqual([
      made.directory,
    ]);
    const inside = await server.request('/project/current', { directory: made.directory });
    expect(inside.body).toMatchObject({ id: current.id, worktree: project.directory });

    const second = await create({ name: 'my feature n code' });
    expect(second.name).toMatch(/^my-feature-n-code-[a-z]+-[a-z]+$/);
    expect((await create()).name).toMatch(/^[a-z]+-[a-z]+$/);
    expect((await create({ name: '../../..' })).name).toMatch(/^[a-z]+-[a-z]+$/);
    expect((await client.get(ROUTE)).body).toHaveLength(4);
  });

  it('run no second command when the first one failed', async () => {
    const { body: current } = await client.get('/project/current');
    await client.patch(`/project/${current.id}`, { commands: { start: 'touch ran; exit 3' } });
    const { directory } = await create({ name: 'x', startCommand: 'touch never' });
    await until(() => server.logs.some((line) => line.includes('exit code 3')), 'the failure is logged');
    expect([existsSync(join(directory, 'ran')), existsSync(join(directory, 'never'))]).toEqual([true, false]);
  });

  it('end their commands with the server', async () => {
    const { directory } = await create({ startCommand: 'echo $$ > pid; sleep 1000' });
    const written = () => readFile(join(directory, 'pid'), 'utf8').catch(() => '');
    await until(async () => (await written()).endsWith('\n'), 'the command says who it is');
    const pid = Number(await written());
    await server.close();
    await until(async () => !(await alive(pid)), 'the command has ended');
  });

  it('are removed with branch, directory and instance', async () => {
    const { directory, branch } = await create({ name: 'gone' });
    const events = await server.events({ directory });
    await writeFile(join(directory, 'untracked'), '');
    expect((await remove(directory)).body).toBe(true);
    await events.next('server.instance.disposed');
    expect(existsSync(directory)).toBe(false);
    expect(await project.git('branch', '--list', branch)).toBe('');
    expect(await project.git('worktree', 'list')).not.toContain('gone');
    expect([await sandboxes(), (await client.get(ROUTE)).body]).toEqual([[], []]);
    expect((await remove(directory)).body).toBe(true);

    const { directory: broken } = await create({ name: 'broken' });
    await rm(join(broken, '.git'));
    await project.git('worktree', 'prune');
    expect((await remove(broken)).body).toBe(true);
    expect([existsSync(broken), await sandboxes()]).toEqual([false, []]);
  });

  it('go to somebody else at the last moment: another name is taken, and what is gone is gone', async () => {
    await server.close();
    const bin = await makeFolder();
    // another server is faster, once
    await writeFile(
      join(bin, 'git'),
      `#!/bin/sh
PATH=\${PATH#*:}
case "$*" in
  "worktree add "*|"worktree remove "*) mkdir "${bin}/$2" 2>/dev/null && git "$@" ;;
esac
exec git "$@"
`,
      { mode: 0o755 },
    );
    server = await TestServer.start({ variables: { PATH: `${bin}:${process.env['PATH']}` } });
    client = new ProjectClient(server, project);
    all = await server.events();
    const { name, directory } = await create({ name: 'wanted' });
    expect(name).toMatch(/^wanted-\w+-\w+$/);
    const twice = await Promise.all([remove(directory), remove(directory)]);
    expect(twice.map(({ status, body }) => [status, body])).toEqual(Array(2).fill([200, true]));
    expect([existsSync(directory), await sandboxes()]).toEqual([false, []]);
    expect((await readdir(bin)).sort()).toEqual(['add', 'git', 'remove']);
    await removeFolder(bin);
  });

  it('are removed while their files are checked out: nothing goes on', async () => {
    await server.close();
    const bin = await makeFolder();
    const script = `#!/bin/sh\nPATH=\${PATH#*:}\n[ "$1 $2" = "reset --hard" ] && echo $$ > "${bin}/pid" && sleep 1000\nexec git "$@"\n`;
    await writeFile(join(bin, 'git'), script, { mode: 0o755 });
    server = await TestServer.start({ variables: { PATH: `${bin}:${process.env['PATH']}` } });
    client = new ProjectClient(server, project);
    const { body } = await client.post(ROUTE, { name: 'slow' });
    const written = () => readFile(join(bin, 'pid'), 'utf8').catch(() => '');
    await until(async () => (await written()).endsWith('\n'), 'the files are being checked out');
    expect((await remove(body.directory)).body).toBe(true);
    expect([await alive(Number(await written())), existsSync(body.directory)]).toEqual([false, false]);
    await removeFolder(bin);
  });

  it('never take anything else away', async () => {
    const outside = await makeFolder();
    await writeFile(join(outside, 'file'), '');
    const { directory } = await create({ name: 'real' });
    await symlink(outside, project.path('link'));
    await mkdir(join(server.home, '.local/share/opencode/worktree/other'), { recursive: true });
    for (const victim of [
      ...[outside, project.path('b'), project.path('link'), server.home, '/', tmpdir()],
      ...[
        join(server.home, '.local/share/opencode/worktree'),
        join(server.home, '.local/share/opencode/worktree/other'),
      ],
      ...[join(directory, '..'), join(directory, 'b'), `${directory}/../../..`, '.', '..', ''],
    ]) {
      const { status, body } = await remove(victim);
      expect([victim, status, body.name]).toEqual([victim, 400, 'WorktreeRemoveFailedError']);
    }
    expect(await remove(project.directory)).toMatchObject({
      status: 400,
      body: { data: { message: expect.stringContaining('is a main working tree') } },
    });
    for (const input of [5, null, undefined, ['x']]) expect((await remove(input)).status).toBe(400);
    expect(await readdir(outside)).toEqual(['file']);
    expect([existsSync(project.path('b/c.txt')), existsSync(directory)]).toEqual([true, true]);
    await removeFolder(outside);
  });

  it('are reset to the default branch', async () => {
    await project.git('checkout', '--quiet', '-b', 'elsewhere');
    await project.write('b/c.txt', 'changed\n');
    await project.git('commit', '--quiet', '--all', '--message', 'elsewhere');
    const { body: current } = await client.get('/project/current');
    await client.patch(`/project/${current.id}`, { commands: { start: 'echo again >> started' } });
    const { directory } = await create({ name: 'reset', startCommand: 'touch own' });
    await appears(directory, 'own');
    await mkdir(join(directory, 'nested'));
    await project.git('-C', join(directory, 'nested'), 'init', '--quiet');
    expect(await readFile(join(directory, 'b/c.txt'), 'utf8')).toBe('changed\n');
    expect((await reset(directory)).body).toBe(true);
    expect(await readFile(join(directory, 'b/c.txt'), 'utf8')).toBe('c\n');
    await appears(directory, 'started');
    expect((await readdir(directory)).sort()).toEqual(['.git', 'a.txt', 'b', 'started']);
    expect(await readFile(project.path('b/c.txt'), 'utf8')).toBe('changed\n');

    await using upstream = await TemporaryProject.create({ git: true, files: { 'up.txt': 'up\n' } });
    await upstream.git('branch', '-m', 'trunk');
    await project.git('remote', 'add', 'origin', upstream.directory);
    expect((await reset(directory)).body).toBe(true);
    expect(existsSync(join(directory, 'up.txt'))).toBe(true);
    await project.git('remote', 'set-url', 'origin', '/no/such/repository');
    expect(await reset(directory)).toMatchObject({ status: 400, body: { name: 'WorktreeResetFailedError' } });
  });

  it('say what is wrong', async () => {
    const failed = (message: string) => ({
      status: 400,
      body: { name: 'WorktreeResetFailedError', data: { message } },
    });
    expect(await reset(project.directory)).toMatchObject(failed('Cannot reset the primary workspace'));
    expect(await reset('/no/such')).toMatchObject(failed('Worktree not found'));
    expect(await reset(tmpdir())).toMatchObject(failed('Worktree not found'));
    expect((await client.post(ROUTE, { name: 5 })).status).toBe(400);

    const { directory } = await create();
    await project.git('branch', '-m', 'main', 'other');
    expect(await reset(directory)).toMatchObject(failed('Default branch not found'));

    await using plain = await TemporaryProject.create();
    expect(await new ProjectClient(server, plain).post(ROUTE)).toMatchObject({
      status: 400,
      body: { name: 'WorktreeNotGitError', data: { message: 'Worktrees are only supported for git projects' } },
    });
    await using empty = await TemporaryProject.create();
    await empty.git('init', '--quiet');
    expect(await new ProjectClient(server, empty).post(ROUTE)).toMatchObject({
      status: 400,
      body: { name: 'WorktreeCreateFailedError' },
    });
  });

  it('are told to have failed when their files cannot be checked out', async () => {
    await project.write('.gitattributes', '*.txt filter=bad\n');
    await project.git('add', '--all');
    await project.git('commit', '--quiet', '--message', 'all');
    await project.git('config', 'filter.bad.smudge', 'false');
    await project.git('config', 'filter.bad.required', 'true');
    const { body } = await client.post(ROUTE, { name: 'bad' });
    const failed = await all.next('worktree.failed');
    expect(failed.properties['message']).toMatch(/filter/);
    expect(
      JSON.parse(
        all.raw
          .split('\n')
          .find((line) => line.includes('worktree.failed'))!
          .slice(6),
      ),
    ).toMatchObject({
      directory: body.directory,
    });
    expect((await remove(body.directory)).body).toBe(true);
  });
});
