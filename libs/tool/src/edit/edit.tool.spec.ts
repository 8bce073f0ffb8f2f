import { mkdir, utimes } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ToolWorld } from '../tool-world.fixture.js';

/** Lets other work go on until something has happened. */
async function until(happened: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1000 && !happened(); turn++) await sleep(2);
}

describe('edit', () => {
  let world: ToolWorld;
  beforeEach(async () => {
    world = await ToolWorld.create();
  });
  afterEach(() => world.close());
  const edit = (filePath: string, oldString: string, newString: string, more: object = {}) =>
    world.run('edit', { filePath, oldString, newString, ...more });

  it('asks with a diff, writes, tells, and gives both diffs', async () => {
    const path = await world.write('src/a.txt', 'one\ntwo\n');
    await world.run('read', { filePath: path });
    world.asks.length = 0;
    const result = await edit(path, 'two', '2');
    const diff = [
      `Index: ${path}`,
      '='.repeat(67),
      `--- ${path}`,
      `+++ ${path}`,
      '@@ -1,2 +1,2 @@',
      ' one',
      '-two',
      '+2',
      '',
    ].join('\n');
    const metadata = {
      diagnostics: {},
      diff,
      filediff: { file: path, before: 'one\ntwo\n', after: 'one\n2\n', additions: 1, deletions: 1 },
    };
    expect(result).toEqual({
      title: 'src/a.txt',
      output: 'Edit applied successfully.',
      metadata: { ...metadata, truncated: false },
    });
    expect(world.asks).toEqual([
      { permission: 'edit', patterns: ['src/a.txt'], always: ['*'], metadata: { filepath: path, diff } },
    ]);
    expect(world.updates).toEqual([{ metadata }]);
    expect(world.events).toEqual([
      { type: 'file.edited', properties: { file: path } },
      { type: 'file.watcher.updated', properties: { file: path, event: 'change' } },
    ]);
    expect(await world.read('src/a.txt')).toBe('one\n2\n');
  });

  it('replaces all, literally; the default of replaceAll is applied', async () => {
    await world.write('a.txt', 'x y x');
    await world.run('read', { filePath: 'a.txt' });
    await edit('a.txt', 'x', '$&', { replaceAll: true });
    expect(await world.read('a.txt')).toBe('$& y $&');
  });

  it('makes a file from an empty oldString, or overwrites it unread', async () => {
    await edit('new/b.txt', '', 'hello\n');
    expect(await world.read('new/b.txt')).toBe('hello\n');
    expect(world.events.at(-1)).toMatchObject({ properties: { event: 'add' } });
    await world.write('c.txt', 'old');
    const result = await edit('c.txt', '', 'new');
    expect(result.metadata).toMatchObject({ filediff: { before: '', after: 'new', additions: 1, deletions: 0 } });
    expect(world.events.at(-1)).toMatchObject({ properties: { event: 'change' } });
  });

  it('fails before it asks', async () => {
    const path = await world.write('a.txt', 'a b a');
    await mkdir(world.path('dir'));
    const fail = (filePath: string, oldString: string, newString: string) =>
      world.fail('edit', { filePath, oldString, newString });
    expect(await fail('', 'a', 'b')).toBe('filePath is required');
    expect(await fail('a.txt', 'a', 'a')).toBe('No changes to apply: oldString and newString are identical.');
    expect(await fail('none.txt', 'a', 'b')).toBe(`File ${world.path('none.txt')} not found`);
    expect(await fail('dir', 'a', 'b')).toBe(`Path is a directory, not a file: ${world.path('dir')}`);
    expect(await fail('a.txt', 'a', 'b')).toBe(
      `You must read file ${path} before overwriting it. Use the Read tool first`,
    );
    await world.run('read', { filePath: path });
    world.asks.length = 0;
    expect(await fail('a.txt', 'a', 'b')).toMatch(/^Found multiple matches/);
    expect(await fail('a.txt', 'zzz', 'b')).toMatch(/^Could not find oldString/);
    await world.write('latin1.txt', Uint8Array.of(0x61, 0xe9, 0x62));
    await world.run('read', { filePath: 'latin1.txt' });
    world.asks.length = 0;
    expect(await fail('latin1.txt', 'a', 'b')).toContain('is not UTF-8 text');
    expect(world.asks).toEqual([]);
  });

  it('notices that the file changed since it was read', async () => {
    const path = await world.write('a.txt', 'one');
    await world.run('read', { filePath: path });
    const later = new Date(Date.now() + 5000);
    await utimes(path, later, later);
    expect(await world.fail('edit', { filePath: path, oldString: 'one', newString: '1' })).toMatch(
      new RegExp(
        `^File ${path} has been modified since it was last read.\nLast modification: ${later.toISOString()}\n` +
          'Last read: .*Z\n\nPlease read the file again before modifying it.$',
      ),
    );
    // another session has its own memory
    const message = await world.fail(
      'edit',
      { filePath: path, oldString: 'one', newString: '1' },
      { sessionID: 'ses_2' },
    );
    expect(message).toContain('You must read file');
  });

  it('notices a change that came while the user was asked', async () => {
    const path = await world.write('a.txt', 'one');
    await world.run('read', { filePath: path });
    world.onAsk = async () => {
      await world.write('a.txt', 'somebody else');
      const later = new Date(Date.now() + 5000);
      await utimes(path, later, later);
    };
    expect(await world.fail('edit', { filePath: path, oldString: 'one', newString: '1' })).toContain(
      'has been modified',
    );
    expect(await world.read('a.txt')).toBe('somebody else');
  });

  it('makes parallel edits of one file one after the other', async () => {
    const path = await world.write('a.txt', 'a b c');
    await world.run('read', { filePath: path });
    const open: (() => void)[] = [];
    world.onAsk = () => new Promise((done) => void open.push(done));
    const calls = Promise.allSettled([edit(path, 'a', '1'), edit(path, 'b', '2'), edit(path, 'c', '3')]);
    for (const turn of [0, 1, 2]) {
      await until(() => open.length > turn);
      await new Promise(setImmediate);
      expect(open).toHaveLength(turn + 1);
      open[turn]?.();
    }
    expect((await calls).map((call) => call.status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    expect(await world.read('a.txt')).toBe('1 2 3');
  });

  it('lets a call that waits for its turn be aborted, and nobody overtakes', async () => {
    const path = await world.write('a.txt', 'a b c');
    await world.run('read', { filePath: path });
    const answer = Promise.withResolvers<void>();
    world.onAsk = () => answer.promise;
    const control = new AbortController();
    const first = edit(path, 'a', '1');
    const second = world.run('edit', { filePath: path, oldString: 'b', newString: '2' }, { signal: control.signal });
    const third = edit(path, 'c', '3');
    control.abort(new Error('stopped'));
    await expect(second).rejects.toThrow('stopped');
    expect(world.asks.filter((ask) => ask.permission === 'edit').length).toBeLessThan(2);
    answer.resolve();
    await Promise.all([first, third]);
    expect(await world.read('a.txt')).toBe('1 b 3');
  });

  it('can be told not to check times', async () => {
    await world.close();
    world = await ToolWorld.create({ variables: { OPENCODE_DISABLE_FILETIME_CHECK: '1' } });
    await world.write('a.txt', 'one');
    await edit('a.txt', 'one', '1');
    expect(await world.read('a.txt')).toBe('1');
  });

  it('shows carriage returns only in the texts, and removes shared indentation from the diff', async () => {
    await world.write('a.txt', '    a\r\n    b\r\n');
    await world.run('read', { filePath: 'a.txt' });
    const { metadata } = await edit('a.txt', '    b\r\n', '    c\n');
    expect(metadata).toMatchObject({ filediff: { before: '    a\r\n    b\r\n', after: '    a\r\n    c\n' } });
    expect(String(metadata?.['diff']).split('\n').slice(4)).toEqual(['@@ -1,2 +1,2 @@', ' a', '-b', '+c', '']);
  });
});
