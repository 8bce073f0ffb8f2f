import { chmod, mkdir, stat, symlink } from 'node:fs/promises';
import { ToolWorld } from '../tool-world.fixture.js';

const envelope = (...lines: string[]) => ['*** Begin Patch', ...lines, '*** End Patch'].join('\n');

describe('apply_patch', () => {
  let world: ToolWorld;
  beforeEach(async () => {
    world = await ToolWorld.create();
  });
  afterEach(() => world.close());
  const patch = (...lines: string[]) => world.run('apply_patch', { patchText: envelope(...lines) });
  const refusal = (...lines: string[]) => world.fail('apply_patch', { patchText: envelope(...lines) });

  it('adds, changes, moves and deletes after one question', async () => {
    await world.write('u.txt', 'a\nb\n');
    await world.write('m.txt', 'one\ntwo\n');
    await world.write('d.txt', 'gone\n');
    const result = await patch(
      '*** Add File: pa/new.txt',
      '+hello',
      '*** Update File: u.txt',
      '@@',
      '-b',
      '+B',
      '*** Update File: m.txt',
      '*** Move to: moved/m2.txt',
      '@@',
      ' one',
      '-two',
      '+2',
      '+3',
      '*** Delete File: d.txt',
    );
    const summary = 'Success. Updated the following files:\nA pa/new.txt\nM u.txt\nM moved/m2.txt\nD d.txt';
    expect(result).toMatchObject({ title: summary, output: summary, metadata: { diagnostics: {}, truncated: false } });
    expect(await Promise.all(['pa/new.txt', 'u.txt', 'moved/m2.txt'].map((name) => world.read(name)))).toEqual([
      'hello\n',
      'a\nB\n',
      'one\n2\n3\n',
    ]);
    for (const name of ['m.txt', 'd.txt']) await expect(stat(world.path(name))).rejects.toThrow('ENOENT');

    const { files, diff } = result.metadata as { files: { diff: string }[]; diff: string };
    const shown = files.map(({ diff: _diff, ...file }) => file);
    expect(shown).toEqual([
      {
        filePath: world.path('pa/new.txt'),
        relativePath: 'pa/new.txt',
        type: 'add',
        before: '',
        after: 'hello\n',
        additions: 1,
        deletions: 0,
      },
      {
        filePath: world.path('u.txt'),
        relativePath: 'u.txt',
        type: 'update',
        before: 'a\nb\n',
        after: 'a\nB\n',
        additions: 1,
        deletions: 1,
      },
      {
        ...{ filePath: world.path('m.txt'), relativePath: 'moved/m2.txt', type: 'move', before: 'one\ntwo\n' },
        ...{ after: 'one\n2\n3\n', additions: 2, deletions: 1, movePath: world.path('moved/m2.txt') },
      },
      {
        filePath: world.path('d.txt'),
        relativePath: 'd.txt',
        type: 'delete',
        before: 'gone\n',
        after: '',
        additions: 0,
        deletions: 2,
      },
    ]);
    expect(diff).toBe(files.map((file) => `${file.diff}\n`).join(''));
    expect(files[1]?.diff).toContain(`--- ${world.path('u.txt')}`);
    expect(world.asks).toEqual([
      {
        permission: 'edit',
        patterns: ['pa/new.txt', 'u.txt', 'm.txt', 'moved/m2.txt', 'd.txt'],
        always: ['*'],
        metadata: { filepath: 'pa/new.txt, u.txt, m.txt, d.txt', diff, files },
      },
    ]);
    const events = world.events.map(({ type, properties }) => {
      const { file, event } = properties as { file: string; event?: string };
      return [type, file.replace(`${world.root}/proj/`, ''), event].filter(Boolean).join(' ');
    });
    expect(events).toEqual([
      'file.edited pa/new.txt',
      'file.edited u.txt',
      'file.edited moved/m2.txt',
      'file.watcher.updated pa/new.txt add',
      'file.watcher.updated u.txt change',
      'file.watcher.updated m.txt unlink',
      'file.watcher.updated moved/m2.txt add',
      'file.watcher.updated d.txt unlink',
    ]);
  });

  it('sees in each section what those before it did', async () => {
    await world.write('a.txt', '1\n2\n');
    await patch(
      ...['*** Update File: a.txt', '@@', '-1', '+one'],
      ...['*** Update File: a.txt', '@@', '-2', '+two', '*** Add File: b.txt', '+x'],
      ...['*** Update File: b.txt', '@@', '-x', '+y'],
    );
    expect([await world.read('a.txt'), await world.read('b.txt')]).toEqual(['one\ntwo\n', 'y\n']);
  });

  it('keeps the mode of a moved file, and replaces a file that is added again', async () => {
    await chmod(await world.write('run.sh', 'x\n'), 0o755);
    await world.write('old.txt', 'old\n');
    const { metadata } = await patch(
      ...['*** Update File: run.sh', '*** Move to: bin/run.sh', '*** Add File: old.txt', '+new'],
    );
    expect((await stat(world.path('bin/run.sh'))).mode & 0o777).toBe(0o755);
    expect(await world.read('old.txt')).toBe('new\n');
    expect(metadata).toMatchObject({
      files: [
        { type: 'move', additions: 0 },
        { type: 'add', before: 'old\n' },
      ],
    });
  });

  it('writes nothing and asks nothing when one section does not fit', async () => {
    const path = await world.write('a.txt', 'a\n');
    await mkdir(world.path('dir'));
    await world.write('latin.txt', Uint8Array.of(0xe9, 10));
    const good = ['*** Add File: new.txt', '+x', '*** Update File: a.txt', '@@', '-a', '+b'];
    const prefix = 'apply_patch verification failed: ';
    const none = world.path('none');
    const cases: [string[], string][] = [
      [['*** Update File: none', '@@', '-a'], `Failed to read file to update: ${none}`],
      [['*** Delete File: none'], `Error: ENOENT: no such file or directory, open '${none}'`],
      [['*** Update File: a.txt', '@@ zz', '-b'], `Error: Failed to find context 'zz' in ${path}`],
      [['*** Update File: a.txt', '@@', '-x', '+y'], `Error: Failed to find expected lines in ${path}:\nx`],
      [['*** Update File: new.txt', '*** Move to: a.txt'], `Error: The file to move to exists already: ${path}`],
      [['*** Add File: dir', '+x'], `Path is a directory, not a file: ${world.path('dir')}`],
      [
        ['*** Update File: latin.txt', '@@', '+x'],
        `File ${world.path('latin.txt')} is not UTF-8 text: a patch would damage it.`,
      ],
    ];
    for (const [bad, message] of cases) expect(await refusal(...good, ...bad)).toBe(prefix + message);
    expect(await refusal('nonsense')).toBe(`${prefix}no hunks found`);
    expect(await refusal()).toBe('patch rejected: empty patch');
    expect(await world.fail('apply_patch', { patchText: '' })).toBe('patchText is required');
    expect(await world.fail('apply_patch', { patchText: 'x' })).toBe(
      `${prefix}Error: Invalid patch format: missing Begin/End markers`,
    );
    expect(await world.read('a.txt')).toBe('a\n');
    expect([world.asks, world.events]).toEqual([[], []]);
  });

  it('asks to leave the project first, also through a link', async () => {
    await world.write('../other/f.txt', 'a\n');
    await symlink('../other', world.path('dir'));
    await patch('*** Update File: ../other/f.txt', '@@', '-a', '+b', '*** Add File: dir/g.txt', '+x');
    expect(world.asks.map(({ permission, patterns }) => [permission, ...patterns])).toEqual([
      ['external_directory', `${world.root}/other/*`],
      ['external_directory', `${world.root}/other/*`],
      ['edit', '../other/f.txt', 'dir/g.txt'],
    ]);
  });

  it('writes nothing when the files change while it waits for leave', async () => {
    await world.write('a.txt', 'a\n');
    world.onAsk = async () => void (await world.write('a.txt', 'a\nmore\n'));
    expect(await refusal('*** Update File: a.txt', '@@', '-a', '+b')).toMatch(/changed while the patch waited/);
    expect(await world.read('a.txt')).toBe('a\nmore\n');
  });

  it('says what was done when the disk refuses the rest', async () => {
    await world.write('a.txt', 'a\n');
    await world.write('file', '');
    expect(await refusal('*** Add File: ok.txt', '+x', '*** Add File: file/below.txt', '+x')).toContain(
      `What was changed before that: ${world.path('ok.txt')}`,
    );
    expect(world.events.at(-1)?.properties).toEqual({ file: world.path('ok.txt'), event: 'add' });
  });
});
