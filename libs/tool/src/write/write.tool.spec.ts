import { mkdir, symlink } from 'node:fs/promises';
import { ToolWorld } from '../tool-world.fixture.js';

describe('write', () => {
  let world: ToolWorld;
  beforeEach(async () => {
    world = await ToolWorld.create();
  });
  afterEach(() => world.close());

  it('makes a file with its directories', async () => {
    const path = world.path('a/b/new.txt');
    const result = await world.run('write', { filePath: 'a/b/new.txt', content: 'hi\n' });
    expect(result).toEqual({
      title: 'a/b/new.txt',
      output: 'Wrote file successfully.',
      metadata: { diagnostics: {}, filepath: path, exists: false, truncated: false },
    });
    expect(world.asks).toEqual([
      {
        permission: 'edit',
        patterns: ['a/b/new.txt'],
        always: ['*'],
        metadata: { filepath: path, diff: expect.stringContaining('@@ -0,0 +1,1 @@\n+hi\n') },
      },
    ]);
    expect(world.events).toEqual([
      { type: 'file.edited', properties: { file: path } },
      { type: 'file.watcher.updated', properties: { file: path, event: 'add' } },
    ]);
    // what it wrote itself it has seen
    await world.run('write', { filePath: path, content: 'more' });
    expect(world.asks[1]?.metadata['diff']).toBe(
      `Index: ${path}\n${'='.repeat(67)}\n--- ${path}\n+++ ${path}\n@@ -1,1 +1,1 @@\n-hi\n+more\n\\ No newline at end of file\n`,
    );
    expect(world.events.at(-1)).toMatchObject({ properties: { event: 'change' } });
  });

  it('wants an existing file read first, before it asks', async () => {
    const path = await world.write('a.txt', 'old');
    expect(await world.fail('write', { filePath: path, content: 'x' })).toBe(
      `You must read file ${path} before overwriting it. Use the Read tool first`,
    );
    expect(world.asks).toEqual([]);
    await world.run('read', { filePath: path });
    expect((await world.run('write', { filePath: path, content: 'x' })).metadata).toMatchObject({ exists: true });
  });

  it('does not overwrite a file that appeared while the user was asked', async () => {
    world.onAsk = async () => void (await world.write('a.txt', 'somebody else'));
    expect(await world.fail('write', { filePath: 'a.txt', content: 'x' })).toContain('You must read file');
    expect(await world.read('a.txt')).toBe('somebody else');
  });

  it('changes nothing when refused, and cannot write a directory', async () => {
    await mkdir(world.path('dir'));
    expect(await world.fail('write', { filePath: 'dir', content: 'x' })).toBe(
      `EISDIR: illegal operation on a directory, open '${world.path('dir')}'`,
    );
    world.onAsk = () => Promise.reject(new Error('no'));
    expect(await world.fail('write', { filePath: 'x/y.txt', content: 'x' })).toBe('no');
    await expect(world.read('x/y.txt')).rejects.toThrow('ENOENT');
  });

  it('asks before it leaves the project, by path or by link', async () => {
    await mkdir(`${world.root}/other`);
    await symlink('../other', world.path('link'));
    await symlink(`${world.root}/other/missing.txt`, world.path('dangling.txt'));
    for (const [name, real] of [
      ['../other/a.txt', 'a.txt'],
      ['link/b.txt', 'b.txt'],
      ['dangling.txt', 'missing.txt'],
    ] as const) {
      world.asks.length = 0;
      await world.run('write', { filePath: name, content: 'x' });
      expect(world.asks.map((ask) => ask.permission)).toEqual(['external_directory', 'edit']);
      expect(world.asks[0]).toEqual({
        permission: 'external_directory',
        patterns: [`${world.root}/other/*`],
        always: [`${world.root}/other/*`],
        metadata: { filepath: `${world.root}/other/${real}`, parentDir: `${world.root}/other` },
      });
    }
    expect(world.asks[1]?.patterns).toEqual(['dangling.txt']);
  });
});
