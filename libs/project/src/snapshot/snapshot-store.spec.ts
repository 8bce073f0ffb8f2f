import { link, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InstanceSnapshots } from './instance-snapshots.js';
import { SnapshotGit } from './snapshot-git.runner.js';
import { SnapshotRepository } from './snapshot-repository.js';
import { SnapshotService } from './snapshot.service.js';
import { SnapshotError } from './snapshot.error.js';
import { filesOf, SnapshotWorld } from './snapshot.fixture.js';

const TREE = /^[0-9a-f]{40}$/;

describe('where snapshots are kept', () => {
  let world: SnapshotWorld;
  let snapshots: SnapshotService;

  beforeEach(async () => {
    world = await SnapshotWorld.start();
    snapshots = world.app.get(SnapshotService);
  });
  afterEach(() => world.end());

  const project: SnapshotWorld['project'] = (...given) => world.project(...given);

  it('records the directory of the instance, with paths from the worktree', async () => {
    const root = await world.repository('mono', { 'top.txt': 'top\n', 'my pkg/a.txt': 'a\n', 'other/b.txt': 'b\n' });
    const instance = await world.open(join(root, 'my pkg'));
    const first = (await snapshots.track(instance)) ?? '';
    const files = { 'top.txt': 'TOP\n', 'my pkg/a.txt': 'A\n', 'my pkg/sub/new.txt': '', 'other/b.txt': 'B\n' };
    await world.write(root, files);
    const changed = await snapshots.changedFiles(instance, first);
    expect(changed).toEqual([join(root, 'my pkg', 'a.txt'), join(root, 'my pkg', 'sub', 'new.txt')]);
    expect((await snapshots.diff(instance, first)).map(({ file }) => file)).toEqual([
      'my pkg/a.txt',
      'my pkg/sub/new.txt',
    ]);
    // a snapshot of the whole worktree changes nothing outside either
    const whole = await snapshots.track(await world.open(root));
    await world.write(root, { 'top.txt': 'again\n' });
    await snapshots.restoreAll(instance, whole ?? '');
    expect(await readFile(join(root, 'top.txt'), 'utf8')).toBe('again\n');
    await snapshots.restoreAll(instance, first);
    expect(await filesOf(join(root, 'my pkg'))).toEqual({ 'a.txt': 'file a\n' });
    expect(await readFile(join(root, 'other', 'b.txt'), 'utf8')).toBe('B\n');
    // its folder stays when the last file goes
    await rm(join(root, 'my pkg', 'a.txt'));
    const empty = (await snapshots.track(instance)) ?? '';
    await world.write(root, { 'my pkg/deep/new.txt': '' });
    await snapshots.restoreAll(instance, empty);
    expect(await filesOf(join(root, 'my pkg'))).toEqual({});
  });

  it('finds the worktree of a directory that is named by way of a link', async () => {
    const root = await world.repository('real', { 'src/a.txt': 'a\n' });
    await symlink(root, join(world.folder, 'alias'));
    const instance = await world.open(join(world.folder, 'alias', 'src'));
    const first = (await snapshots.track(instance)) ?? '';
    await world.write(root, { 'src/a.txt': 'A\n' });
    expect(await snapshots.changedFiles(instance, first)).toEqual([join(instance.worktree, 'src/a.txt')]);
  });

  it('keeps two checkouts of one project apart', async () => {
    const { root, instance, track } = await project({ 'a.txt': 'a\n' });
    const linked = join(world.folder, 'linked');
    await world.git(root, 'worktree', 'add', linked, '-b', 'feature');
    const other = await world.open(linked);
    expect(other.project.id).toBe(instance.project.id);
    const [one, two] = await Promise.all([track(), snapshots.track(other)]);
    expect(one).toBe(two);
    await world.write(root, { 'a.txt': 'A\n' });
    await world.write(linked, { 'b.txt': 'B\n' });
    expect(await snapshots.changedFiles(instance, one)).toEqual([join(root, 'a.txt')]);
    expect(await snapshots.changedFiles(other, one)).toEqual([join(linked, 'b.txt')]);
    await snapshots.restoreAll(instance, one);
    expect(await filesOf(linked)).toEqual({ 'a.txt': 'file a\n', 'b.txt': 'file B\n' });
    expect(await filesOf(root)).toEqual({ 'a.txt': 'file a\n' });
  });

  it('runs calls that come at the same time one after the other', async () => {
    const { root, instance, track } = await project({ 'a.txt': 'a\n' });
    const first = await track();
    await world.write(root, { 'a.txt': 'A\n', 'b.txt': 'b\n' });
    const [hash, same, diff, patch, left, again] = await Promise.all([
      snapshots.track(instance),
      snapshots.track(instance),
      snapshots.diff(instance, first),
      snapshots.unifiedDiff(instance, first),
      snapshots.restoreAll(instance, first),
      snapshots.track(instance),
    ]);
    expect(hash).toBe(same);
    expect(diff).toHaveLength(2);
    expect(patch).toContain('+A');
    expect(left).toEqual([]);
    expect(again).toBe(first);
  });

  it('does nothing without git', async () => {
    const plain = join(world.folder, 'plain');
    await world.write(plain, { 'a.txt': 'a\n' });
    const root = await world.repository('repo', { 'a.txt': 'a\n' });
    await world.restart({ PATH: world.folder, OPENCODE_FAKE_VCS: 'git' });
    snapshots = world.app.get(SnapshotService);
    for (const directory of [plain, root]) {
      const instance = await world.open(directory);
      expect(await snapshots.track(instance)).toBeUndefined();
      expect(await snapshots.changedFiles(instance, 'a'.repeat(40))).toEqual([]);
      expect(await snapshots.diff(instance, 'a'.repeat(40))).toEqual([]);
      expect(await snapshots.unifiedDiff(instance, 'a'.repeat(40))).toBe('');
    }
    const instance = await world.open(plain);
    expect(snapshots.available(instance)).toBe(false);
    expect(await snapshots.restoreAll(instance, 'a'.repeat(40))).toEqual([]);
    await expect(stat(join(world.data, 'snapshot', 'global'))).rejects.toThrow();
  });

  it('says so when a snapshot is gone, and changes nothing', async () => {
    const { root, instance, track } = await project({ 'a.txt': 'a\n' });
    await track();
    for (const hash of ['a'.repeat(40), '--all', '']) {
      const failure = await snapshots.restoreAll(instance, hash).catch((error: unknown) => error);
      expect(SnapshotError.is(failure) && failure.reason).toBe('missing');
      expect(await snapshots.diff(instance, hash)).toEqual([]);
    }
    expect(await filesOf(root)).toEqual({ 'a.txt': 'file a\n' });
  });

  it('is not misled by variables and settings of the person, nor by a data directory in the worktree', async () => {
    const root = await world.repository('repo', { 'a.txt': 'a\r\n' });
    const other = await world.repository('other', { 'b.txt': 'b\n' });
    await world.write(world.folder, {
      '.gitconfig': '[core]\n\tautocrlf = true\n\tquotePath = false\n[diff]\n\tnoprefix = true\n',
    });
    await world.restart({
      GIT_DIR: join(other, '.git'),
      GIT_INDEX_FILE: join(other, 'x'),
      XDG_DATA_HOME: join(root, 'data'),
    });
    snapshots = world.app.get(SnapshotService);
    const instance = await world.open(root);
    const first = (await snapshots.track(instance)) ?? '';
    await world.write(root, { 'a.txt': 'A\r\n' });
    expect(await snapshots.changedFiles(instance, first)).toEqual([join(root, 'a.txt')]);
    expect(await snapshots.unifiedDiff(instance, first)).toContain('diff --git a/a.txt b/a.txt');
    await snapshots.restoreAll(instance, first);
    expect(await readFile(join(root, 'a.txt'), 'utf8')).toBe('a\r\n');
    expect((await stat(join(root, 'data', 'opencode', 'snapshot', instance.project.id, 'HEAD'))).isFile()).toBe(true);
  });

  it('goes on after a restart, a damaged index, a lock left behind and a lost repository', async () => {
    const { root, instance, track } = await project({ 'a.txt': 'a\n' });
    const first = await track();
    const again = await world.reopen(instance);
    expect(await snapshots.track(again)).toBe(first);
    const store = join(world.data, 'snapshot', instance.project.id);
    const index = join(store, (await world.git(store, 'for-each-ref', '--format=index-%(refname:lstrip=3)', 'refs/opencode/index'))); // prettier-ignore
    await writeFile(index, 'nonsense');
    expect(await snapshots.track(again)).toBe(first);
    await writeFile(`${index}.lock`, '');
    await utimes(`${index}.lock`, 1, 1);
    await world.write(root, { 'b.txt': 'b\n' });
    expect(await snapshots.changedFiles(again, first)).toEqual([join(root, 'b.txt')]);
    await rm(store, { recursive: true });
    expect(await snapshots.track(again)).toMatch(TREE);
  });

  it('notices what another process recorded, or lost', async () => {
    const { root, instance, track } = await project({ 'a.txt': 'a\n' });
    const other = new InstanceSnapshots(
      new SnapshotRepository(world.app.get(SnapshotGit), world.clock, instance, world.data),
      world.clock,
    );
    const first = await track();
    expect(await other.track()).toBe(first);
    await world.write(root, { 'a.txt': 'A\n', 'b.txt': 'b\n' });
    const second = await other.track();
    expect(await track()).toBe(second);
    await other.restore(first);
    expect(await track()).toBe(first);
    const store = join(world.data, 'snapshot', instance.project.id);
    for (const name of await readdir(store)) if (name.startsWith('index-')) await rm(join(store, name));
    expect(await Promise.all([track(), other.track()])).toEqual([first, first]);
  });

  it('replaces its attributes in one step: another process may be reading them', async () => {
    const { instance, track } = await project({ 'a.txt': 'a\n' });
    await track();
    const attributes = join(world.data, 'snapshot', instance.project.id, 'info', 'attributes');
    const right = await readFile(attributes, 'utf8');
    await writeFile(attributes, 'of an older version');
    await link(attributes, `${attributes}-read`);
    await world.restart();
    snapshots = world.app.get(SnapshotService);
    expect(await snapshots.track(await world.open(instance.directory))).toMatch(TREE);
    expect(await readFile(attributes, 'utf8')).toBe(right);
    expect(await readFile(`${attributes}-read`, 'utf8')).toBe('of an older version');
  });

  it('waits for another process, however short it holds the index', async () => {
    const { root, track } = await project({ 'a.txt': 'a\n' });
    const first = await track();
    // the other one is done when this one looks
    await world.write(world.folder, {
      'bin/git': `#!/bin/sh
case " $* " in *" update-index "*)
  if mkdir "${world.folder}/once" 2>/dev/null; then
    : > "$GIT_INDEX_FILE.lock"
    PATH=\${PATH#*:} git "$@"
    code=$?
    rm "$GIT_INDEX_FILE.lock"
    exit $code
  fi
esac
PATH=\${PATH#*:} exec git "$@"
`,
    });
    await world.makeExecutable(world.folder, 'bin/git');
    await world.restart({ PATH: `${join(world.folder, 'bin')}:${process.env['PATH']}` });
    snapshots = world.app.get(SnapshotService);
    await world.write(root, { 'a.txt': 'A\n' });
    expect(await snapshots.changedFiles(await world.open(root), first)).toEqual([join(root, 'a.txt')]);
    expect((await stat(join(world.folder, 'once'))).isDirectory()).toBe(true);
  });

  it('cleans up what was last taken more than seven days ago, and nothing younger', async () => {
    const { root, instance, track } = await project({ 'a.txt': 'a\n', 'old.txt': 'first\n' });
    const store = join(world.data, 'snapshot', instance.project.id);
    const old = await track();
    await world.write(root, { 'old.txt': 'second\n' });
    const middle = await track();
    // as if all of it had been done nine days ago
    const today = new Date().toISOString().slice(0, 10);
    for (const tree of [old, middle]) {
      await world.git(store, 'update-ref', `refs/opencode/kept/2001-01-01/${tree}`, tree);
      await world.git(store, 'update-ref', '-d', `refs/opencode/kept/${today}/${tree}`);
    }
    const past = new Date(Date.now() - 9 * 86_400_000);
    for (const file of Object.keys(await filesOf(join(store, 'objects'))))
      await utimes(join(store, 'objects', file), past, past);
    await rm(join(store, 'opencode-cleaned'), { force: true });
    await world.reopen(instance);
    const stored = async (tree: string) => world.git(store, 'cat-file', '-t', tree).catch(() => 'gone');
    while ((await stored(old)) !== 'gone') await new Promise((resolve) => setTimeout(resolve, 20));
    const now = await world.open(root);
    // the state of the index is kept however old
    expect(await stored(middle)).toBe('tree');
    expect(await snapshots.track(now)).toBe(middle);
    await expect(snapshots.restoreAll(now, old)).rejects.toThrow('seven days');
    expect(await readFile(join(root, 'old.txt'), 'utf8')).toBe('second\n');
    expect(await world.git(store, 'for-each-ref', '--format=%(refname)', 'refs/opencode/kept')).toBe(
      `refs/opencode/kept/${today}/${middle}`,
    );
  });
});
