import { chmod, mkdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SnapshotService } from './snapshot.service.js';
import { SnapshotError } from './snapshot.error.js';
import { filesOf, SnapshotWorld } from './snapshot.fixture.js';

const MEGABYTE = 1024 * 1024;

describe('snapshots', () => {
  let world: SnapshotWorld;
  let snapshots: SnapshotService;

  beforeEach(async () => {
    world = await SnapshotWorld.start();
    snapshots = world.app.get(SnapshotService);
  });
  afterEach(() => world.end());

  const project: SnapshotWorld['project'] = (...given) => world.project(...given);

  it('restores files exactly, in both directions, and only the files that are named', async () => {
    const binary = Buffer.from(Array.from({ length: 1024 }, (_, at) => (at * 7) % 256));
    const { root, instance, track } = await project({
      'kept.txt': 'kept\n',
      'changed.txt': 'one\ntwo\n',
      'windows.txt': 'a\r\nb\n',
      'deleted/deep/file.txt': 'gone soon\n',
      'image.bin': binary,
      'run.sh': '#!/bin/sh\n',
      'old name.txt': 'moved\n',
    });
    await world.write(root, {
      '.gitattributes': '* text=auto eol=lf\n*.txt ident filter=broken working-tree-encoding=UTF-16\n',
    });
    await symlink('kept.txt', join(root, 'link'));
    const before = await filesOf(root);
    const first = await track();

    await world.write(root, { 'changed.txt': 'one\n2\n', 'new/folder/file.txt': 'new\n', 'windows.txt': 'a\nb\r\n' });
    await rm(join(root, 'deleted'), { recursive: true });
    await writeFile(join(root, 'image.bin'), Buffer.concat([binary, binary]));
    await chmod(join(root, 'run.sh'), 0o755);
    await rename(join(root, 'old name.txt'), join(root, 'new name.txt'));
    await rm(join(root, 'link'));
    await symlink('changed.txt', join(root, 'link'));
    const after = await filesOf(root);
    const second = await track();
    expect(second).not.toBe(first);

    const changed = await snapshots.changedFiles(instance, first);
    const names = ['changed.txt', 'deleted/deep/file.txt', 'image.bin', 'link', 'new name.txt', 'new/folder/file.txt', 'old name.txt', 'run.sh', 'windows.txt']; // prettier-ignore
    expect(changed).toEqual(names.map((name) => join(root, name)));
    expect(await snapshots.changedFiles(instance, first, second)).toEqual(changed);

    await world.write(root, { 'kept.txt': 'by hand\n' });
    expect(await snapshots.restore(instance, first, changed)).toEqual([]);
    expect(await filesOf(root)).toEqual({ ...before, 'kept.txt': 'file by hand\n' });
    expect(await snapshots.restoreAll(instance, second)).toEqual([]);
    expect(await filesOf(root)).toEqual(after);
    expect(await snapshots.restoreAll(instance, first)).toEqual([]);
    expect(await filesOf(root)).toEqual(before);
    expect(await track()).toBe(first);
    await snapshots.restore(instance, second, [join(root, 'run.sh')]);
    expect(await snapshots.changedFiles(instance, first)).toEqual([join(root, 'run.sh')]);
  });

  it('leaves the repository of the person as it is', async () => {
    const { root, instance, track } = await project({ 'a.txt': 'a\n', 'b.txt': 'b\n' });
    await world.write(root, { 'a.txt': 'staged\n' });
    await world.git(root, 'add', 'a.txt');
    await world.write(root, { 'a.txt': 'not staged\n' });
    const state = async () => ({
      index: (await readFile(join(root, '.git', 'index'))).toString('latin1'),
      head: await world.git(root, 'rev-parse', 'HEAD'),
      objects: await world.git(root, 'count-objects', '-v'),
      config: await readFile(join(root, '.git', 'config'), 'utf8'),
    });
    const before = await state();
    const hash = await track();
    await world.write(root, { 'b.txt': 'B\n', 'c.txt': 'C\n' });
    await snapshots.restoreAll(instance, hash);
    await snapshots.diff(instance, hash);
    expect(await state()).toEqual(before);
    expect(await readFile(join(root, 'a.txt'), 'utf8')).toBe('not staged\n');
  });

  it('tells what differs, file by file and as a patch', async () => {
    const { root, instance, track } = await project({
      'changed.txt': 'one\ntwo\n',
      'gone.txt': 'last words',
      'image.bin': Buffer.from([0, 1, 2]),
      'latin.txt': Buffer.from('caf\xe9\n', 'latin1'),
      'run.sh': 'x\n',
    });
    const first = await track();
    expect(await snapshots.diff(instance, first)).toEqual([]);
    expect(await snapshots.unifiedDiff(instance, first)).toBe('');
    await world.write(root, {
      'changed.txt': 'one\n2\nthree\n',
      'src/grün.txt': 'ü\n',
      'image.bin': Buffer.from([0, 9]),
      'latin.txt': Buffer.from('caf\xe9s\n', 'latin1'),
      'empty.txt': '',
    });
    await rm(join(root, 'gone.txt'));
    await chmod(join(root, 'run.sh'), 0o755);
    const expected = [
      { file: 'changed.txt', before: 'one\ntwo\n', after: 'one\n2\nthree\n', additions: 2, deletions: 1, status: 'modified' },
      { file: 'empty.txt', before: '', after: '', additions: 0, deletions: 0, status: 'added' },
      { file: 'gone.txt', before: 'last words', after: '', additions: 0, deletions: 1, status: 'deleted' },
      { file: 'image.bin', before: '', after: '', additions: 0, deletions: 0, status: 'modified' },
      { file: 'latin.txt', before: 'caf\ufffd\n', after: 'caf\ufffds\n', additions: 1, deletions: 1, status: 'modified' },
      { file: 'run.sh', before: 'x\n', after: 'x\n', additions: 0, deletions: 0, status: 'modified' },
      { file: 'src/grün.txt', before: '', after: 'ü\n', additions: 1, deletions: 0, status: 'added' },
    ]; // prettier-ignore
    expect(await snapshots.diff(instance, first)).toEqual(expected);
    const second = await track();
    await world.write(root, { 'later.txt': '' });
    expect(await snapshots.diff(instance, first, second)).toEqual(expected);
    const patch = await snapshots.unifiedDiff(instance, first, second);
    expect(patch).toContain('diff --git a/changed.txt b/changed.txt\nindex ');
    expect(patch).toContain('@@ -1,2 +1,3 @@\n one\n-two\n+2\n+three\n');
    expect(patch).toContain('+++ b/src/grün.txt\n');
    expect(patch).toContain('Binary files a/image.bin and b/image.bin differ');
    expect(patch).toContain('old mode 100644\nnew mode 100755\n');
    expect(patch).not.toContain('later.txt');
  });

  it('copes with names of every kind', async () => {
    const { root, instance, track } = await project({ 'a.txt': 'a\n' });
    const first = await track();
    const names = [
      ' space ',
      '"quoted"',
      '-f',
      '--',
      ':(top)x',
      '*',
      'line\nbreak',
      'tab\tand\\',
      'ünï',
      '#no',
      '!x',
      'git~1',
      'cr\r',
    ];
    for (const name of names) await world.write(root, { [name]: 'x', [join('in', name, name)]: 'y' });
    const bytes = Buffer.from('caf\xe9', 'latin1');
    await writeFile(Buffer.concat([Buffer.from(`${root}/`), bytes]), 'z');
    const after = await filesOf(root);
    expect(after['caf\xe9']).toBe('file z');
    const changed = await snapshots.changedFiles(instance, first);
    // git itself refuses a name that is `.git` on some file systems
    const possible = names.filter((name) => name !== 'git~1');
    expect(new Set(changed)).toEqual(
      new Set(
        [...possible.flatMap((name) => [name, join('in', name, name)]), 'caf\ufffd'].map((name) => join(root, name)),
      ),
    );
    const second = await track();
    await snapshots.restore(instance, first, changed);
    expect(Object.keys(await filesOf(root)).filter((name) => !name.includes('git~1'))).toEqual(['a.txt', 'in/']);
    await snapshots.restore(instance, second, changed);
    expect(await filesOf(root)).toEqual(after);
  });

  it('follows all ignore rules, yet records what is under version control', async () => {
    const { root, instance, track } = await project({
      '.gitignore': '*.log\nbuild/\n',
      'forced.log': 'under version control\n',
    });
    await world.write(root, { '.git/info/exclude': 'private.txt\n' });
    await world.git(root, 'config', 'core.excludesFile', join(world.folder, 'my-ignores'));
    await world.write(world.folder, { 'my-ignores': '*.swp\n' });
    const first = await track();
    await world.write(root, {
      'a.log': '',
      'build/out': '',
      'private.txt': 'mine\n',
      'x.swp': '',
      'forced.log': 'changed\n',
      'seen.txt': '',
    });
    const changed = await snapshots.changedFiles(instance, first);
    expect(changed).toEqual([join(root, 'forced.log'), join(root, 'seen.txt')]);
    await rm(join(root, 'forced.log'));
    await track();
    await world.write(root, { 'forced.log': 'back\n' });
    expect(await snapshots.diff(instance, first)).toMatchObject([{ after: 'back\n' }, { file: 'seen.txt' }]);
    await snapshots.restoreAll(instance, first);
    const { 'forced.log': forced, ...others } = await filesOf(root);
    expect(forced).toBe('file under version control\n');
    expect(Object.keys(others).sort()).toEqual(['.gitignore', 'a.log', 'build/', 'build/out', 'private.txt', 'x.swp']);
  });

  it('never overwrites or deletes what it has not recorded', async () => {
    const { root, instance, track } = await project({ 'a/b.txt': 'b\n', 'data.txt': 'small\n', c: 'c\n' });
    const outside = join(world.folder, 'outside');
    await world.write(outside, { 'b.txt': 'not mine\n' });
    const first = await track();
    await rm(join(root, 'a'), { recursive: true });
    await symlink(outside, join(root, 'a'));
    await rm(join(root, 'c'));
    await world.write(root, { '.gitignore': 'secret\n', 'c/secret': 'ignored\n' });
    const changed = await snapshots.changedFiles(instance, first);
    expect(await snapshots.restore(instance, first, changed)).toEqual([join(root, 'c')]);
    expect(await readFile(join(root, 'c', 'secret'), 'utf8')).toBe('ignored\n');
    expect(await readFile(join(outside, 'b.txt'), 'utf8')).toBe('not mine\n');
    expect(await readFile(join(root, 'a', 'b.txt'), 'utf8')).toBe('b\n');
    const here = await filesOf(root);
    expect(here['a/']).toBe('folder');
  });

  it('goes from file to folder and back', async () => {
    const { root, instance, track } = await project({ x: 'file\n', 'y/1': '1\n', 'y/2': '2\n' });
    const before = await filesOf(root);
    const first = await track();
    await rm(join(root, 'x'));
    await rm(join(root, 'y'), { recursive: true });
    await world.write(root, { 'x/inner/most': 'deep\n', y: 'was a folder\n' });
    const after = await filesOf(root);
    const second = await track();
    for (const [hash, state] of [
      [first, before],
      [second, after],
      [first, before],
    ] as const) {
      // prettier-ignore
      expect(await snapshots.restoreAll(instance, hash)).toEqual([]);
      expect(await filesOf(root)).toEqual(state);
    }
  });

  it('leaves out large files, unless they are under version control, and repositories inside', async () => {
    const large = Buffer.alloc(3 * MEGABYTE, 'x');
    const { root, instance, track } = await project({ 'tracked.dat': large });
    await mkdir(join(root, 'inner'));
    await world.git(join(root, 'inner'), 'init');
    await world.write(root, { 'inner/file': 'inner\n', 'grows.log': 'small\n' });
    const first = await track();
    await world.write(root, {
      'tracked.dat': 'small now',
      'new.dat': large,
      'grows.log': large,
      'inner/file': 'other\n',
    });
    expect(await snapshots.changedFiles(instance, first)).toEqual([join(root, 'tracked.dat')]);
    await snapshots.restoreAll(instance, first);
    expect((await stat(join(root, 'tracked.dat'))).size).toBe(large.length);
    for (const file of ['new.dat', 'grows.log']) expect((await stat(join(root, file))).size).toBe(large.length);
    expect(await readFile(join(root, 'inner', 'file'), 'utf8')).toBe('other\n');
    // contents of a large text are not sent around, its lines are counted
    await world.write(root, { 'tracked.dat': 'small now\n' });
    expect(await snapshots.diff(instance, first)).toEqual([
      { file: 'tracked.dat', before: '', after: 'small now\n', additions: 1, deletions: 1, status: 'modified' },
    ]);
  });

  it('does not stumble over a file that cannot be read', async () => {
    const { root, instance, track } = await project({ 'a.txt': 'a\n' });
    const first = await track();
    await world.write(root, { 'b.txt': 'b\n', 'locked.txt': 'locked\n', 'z.txt': 'z\n' });
    await chmod(join(root, 'locked.txt'), 0o000);
    const files = await snapshots.changedFiles(instance, first);
    expect(files).toEqual(expect.arrayContaining([join(root, 'b.txt'), join(root, 'z.txt')]));
    await chmod(join(root, 'locked.txt'), 0o644);
    expect(await snapshots.changedFiles(instance, first)).toHaveLength(3);
  });

  it('brings back any state that it recorded', async () => {
    const { root, instance, track } = await project({ a: 'a' });
    let seed = 7;
    const pick = (count: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % count;
    };
    const name = () => Array.from({ length: 1 + pick(3) }, () => 'abc'.charAt(pick(3))).join('/');
    const change = async () => {
      const path = join(root, name());
      if (pick(3) > 0) await rm(path, { recursive: true, force: true }).catch(() => undefined);
      // some changes are impossible: a folder that is a file, a link to itself
      const parent = await mkdir(join(path, '..'), { recursive: true }).catch(() => 'none');
      if (parent === 'none' || pick(4) === 0) return;
      if (pick(5) === 0) return symlink('abc'.charAt(pick(3)), path).catch(() => undefined);
      await writeFile(path, 'x'.repeat(pick(4)), { mode: pick(2) ? 0o755 : 0o644 }).catch(() => undefined);
    };
    // a tree knows no empty folders
    const state = async () => Object.entries(await filesOf(root)).filter(([, what]) => what !== 'folder');
    const states = new Map<string, unknown>();
    for (let round = 0; round < 8; round++) {
      for (let count = 0; count < 6; count++) await change();
      states.set(await track(), await state());
      const [hash, files] = [...states][pick(states.size)] ?? [];
      expect(await snapshots.restoreAll(instance, hash ?? '')).toEqual([]);
      expect(await state()).toEqual(files);
      expect(await track()).toBe(hash);
    }
  });

  it('records many files, and gives up at once when the instance is disposed', async () => {
    const { root, instance, track } = await project({ 'a.txt': 'a\n' });
    const first = await track();
    await world.write(
      root,
      Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`many/${at}.txt`, `file ${at}\n`])),
    );
    const ended = snapshots.track(instance);
    const again = await world.reopen(instance);
    await ended;
    expect(await snapshots.track(instance)).toBeUndefined();
    await expect(snapshots.restoreAll(instance, first)).rejects.toThrow('disposed');
    const many = (await snapshots.track(again)) ?? '';
    expect(await snapshots.changedFiles(again, first, many)).toHaveLength(300);
    await snapshots.restoreAll(again, first);
    expect(Object.keys(await filesOf(root))).toEqual(['a.txt']);
    await snapshots.restoreAll(again, many);
    expect(await readFile(join(root, 'many', '299.txt'), 'utf8')).toBe('file 299\n');
  });

  it('takes none where they cannot be stored, and tells why files cannot be restored', async () => {
    const root = await world.repository('repo', { 'a.txt': 'a\n' });
    await world.write(world.folder, { 'no-folder': '' });
    await world.restart({ XDG_DATA_HOME: join(world.folder, 'no-folder') });
    snapshots = world.app.get(SnapshotService);
    const instance = await world.open(root);
    for (let time = 0; time < 4; time++) expect(await snapshots.track(instance)).toBeUndefined();
    const failure = await snapshots.restoreAll(instance, 'a'.repeat(40)).catch((error: unknown) => error);
    expect(SnapshotError.is(failure) && failure.message).toContain('no-folder');
  });
});
