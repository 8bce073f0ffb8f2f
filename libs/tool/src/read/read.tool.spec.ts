import { execFileSync } from 'node:child_process';
import { chmod, symlink } from 'node:fs/promises';
import type { MessageWithParts } from '#libs/contract';
import { Instance } from '#libs/instance';
import { ToolWorld } from '../tool-world.fixture.js';

describe('read', () => {
  let world: ToolWorld;
  beforeEach(async () => {
    world = await ToolWorld.create();
  });
  afterEach(() => world.close());
  const read = (filePath: string, more: object = {}) => world.run('read', { filePath, ...more });
  const content = async (filePath: string, more: object = {}) =>
    (await read(filePath, more)).output.split('<content>')[1]?.replace(/\n<\/content>$/, '');
  const lines = (count: number, text: (n: number) => string) =>
    Array.from({ length: count }, (_, index) => text(index + 1)).join('\n');

  it('numbers the lines of a file', async () => {
    const path = await world.write('README.md', 'hello\n');
    expect(await read('README.md')).toEqual({
      title: 'README.md',
      output: `<path>${path}</path>\n<type>file</type>\n<content>1: hello\n2: \n\n(End of file - total 2 lines)\n</content>`,
      metadata: { preview: 'hello\n', truncated: false, loaded: [] },
    });
    expect(world.asks).toEqual([{ permission: 'read', patterns: [path], always: ['*'], metadata: {} }]);
  });

  it.each<[string, string | Uint8Array, object, string]>([
    ['an empty file', '', {}, '1: \n\n(End of file - total 1 lines)'],
    ['no final line end', 'a\nb', {}, '1: a\n2: b\n\n(End of file - total 2 lines)'],
    ['carriage returns', 'a\r\nb', {}, '1: a\r\n2: b\n\n(End of file - total 2 lines)'],
    ['a byte order mark', '\uFEFFa', {}, '1: a\n\n(End of file - total 1 lines)'],
    ['what is not UTF-8', Uint8Array.of(0x61, 0xff, 0x62, 0x63), {}, '1: a\uFFFDbc\n\n(End of file - total 1 lines)'],
    ['an offset', 'a\nb\nc', { offset: 2 }, '2: b\n3: c\n\n(End of file - total 3 lines)'],
    ['the last line', 'a\nb\nc', { offset: 3 }, '3: c\n\n(End of file - total 3 lines)'],
    [
      'a limit',
      'a\nb\nc',
      { limit: 2 },
      "1: a\n2: b\n\n(File has more lines. Use 'offset' parameter to read beyond line 2)",
    ],
    ['a limit that fits', 'a\nb', { limit: 2 }, '1: a\n2: b\n\n(End of file - total 2 lines)'],
    ['no lines', 'a', { limit: 0 }, "\n\n(File has more lines. Use 'offset' parameter to read beyond line 0)"],
    [
      'both, as text',
      'a\nb\nc',
      { offset: '2', limit: '1' },
      "2: b\n\n(File has more lines. Use 'offset' parameter to read beyond line 2)",
    ],
    ['long lines', `${'x'.repeat(2001)}\ny`, {}, `1: ${'x'.repeat(2000)}...\n2: y\n\n(End of file - total 2 lines)`],
    ['lines of just that length', 'x'.repeat(2000), {}, `1: ${'x'.repeat(2000)}\n\n(End of file - total 1 lines)`],
  ])('%s', async (_, text, range, expected) => {
    await world.write('a.txt', text);
    expect(await content('a.txt', range)).toBe(expected);
  });

  it('stops after 2000 lines', async () => {
    await world.write(
      'a.txt',
      lines(2501, (n) => `line ${n}`),
    );
    const result = await read('a.txt');
    expect(result.output).toContain(
      "2000: line 2000\n\n(File has more lines. Use 'offset' parameter to read beyond line 2000)",
    );
    expect(result.metadata).toEqual({ preview: lines(20, (n) => `line ${n}`), truncated: true, loaded: [] });
    expect(await world.fail('read', { filePath: 'a.txt', offset: 2502 })).toBe(
      'Offset 2502 is out of range for this file (2501 lines)',
    );
    expect(await world.fail('read', { filePath: 'a.txt', offset: 0 })).toBe(
      'offset must be greater than or equal to 1',
    );
  });

  it('stops after 51200 bytes of lines', async () => {
    // 1024 bytes a line with its end, the first without one
    await world.write('a.txt', `${'é'.repeat(512)}\n` + `${'x'.repeat(1023)}\n`.repeat(100));
    expect(await content('a.txt')).toMatch(
      /\n50: x+\n\n\(Output truncated at 51200 bytes\. Use 'offset' parameter to read beyond line 50\)$/,
    );
    expect((await read('a.txt')).metadata).toMatchObject({ truncated: true });
  });

  it('lists a directory', async () => {
    for (const name of ['.env', 'B.txt', 'a.txt', 'deep/x', 'c/y', '.git/z']) await world.write(`src/${name}`, '');
    await symlink(world.path('src/deep'), world.path('src/link'));
    await symlink('nowhere', world.path('src/broken'));
    const path = world.path('src');
    const list = (entries: string[], note: string) =>
      `<path>${path}</path>\n<type>directory</type>\n<entries>\n${entries.join('\n')}\n\n${note}\n</entries>`;
    const all = ['.env', '.git/', 'a.txt', 'B.txt', 'broken', 'c/', 'deep/', 'link/'];
    expect(await read('src')).toEqual({
      title: 'src',
      output: list(all, '(8 entries)'),
      metadata: { preview: all.join('\n'), truncated: false, loaded: [] },
    });
    const part = await read('src', { offset: 3, limit: 2 });
    expect(part.output).toBe(
      list(['a.txt', 'B.txt'], "(Showing 2 of 8 entries. Use 'offset' parameter to read beyond entry 5)"),
    );
    expect(part.metadata).toMatchObject({ truncated: true });
    expect(await read('src', { offset: 9 })).toMatchObject({
      output: list([], '(8 entries)'),
      metadata: { truncated: false },
    });
  });

  it('attaches images and PDF files; svg is text', async () => {
    await world.write('a.PNG', Uint8Array.of(1, 2, 3));
    await world.write('b.pdf', 'pdf');
    await world.write('c.svg', '<svg/>');
    expect(await read('a.PNG')).toEqual({
      title: 'a.PNG',
      output: 'Image read successfully',
      metadata: { preview: 'Image read successfully', truncated: false, loaded: [] },
      attachments: [{ mime: 'image/png', url: 'data:image/png;base64,AQID' }],
    });
    expect(await read('b.pdf')).toMatchObject({
      output: 'PDF read successfully',
      attachments: [{ mime: 'application/pdf', url: 'data:application/pdf;base64,cGRm' }],
    });
    expect(await content('c.svg')).toContain('1: <svg/>');
  });

  it('refuses binary files and what never ends', async () => {
    const odd = (share: number) => Uint8Array.from({ length: 100 }, (_, index) => (index < share ? 1 : 65));
    await world.write('a.zip', 'text');
    await world.write('b.txt', Uint8Array.of(65, 0, 66));
    await world.write('c.txt', odd(31));
    await world.write('d.txt', odd(30));
    for (const name of ['a.zip', 'b.txt', 'c.txt'])
      expect(await world.fail('read', { filePath: name })).toBe(`Cannot read binary file: ${world.path(name)}`);
    expect(await content('d.txt')).toContain('total 1 lines');
    execFileSync('mkfifo', [world.path('pipe')]);
    expect(await world.fail('read', { filePath: 'pipe' })).toContain('Not a regular file');
    expect(await world.fail('read', { filePath: '/dev/zero' })).toContain('Not a regular file');
  });

  it('suggests names for a missing file, after asking', async () => {
    for (const name of ['config.ts', 'Config.json', 'a.ts', 'myconfig', 'config.d.ts']) await world.write(name, '');
    expect(await world.fail('read', { filePath: 'CONFIG' })).toBe(
      `File not found: ${world.path('CONFIG')}\n\nDid you mean one of these?\n` +
        ['config.d.ts', 'Config.json', 'config.ts'].map((name) => world.path(name)).join('\n'),
    );
    expect(await world.fail('read', { filePath: 'zzz' })).toBe(`File not found: ${world.path('zzz')}`);
    expect(await world.fail('read', { filePath: 'no/x' })).toBe(
      `ENOENT: no such file or directory, scandir '${world.path('no')}'`,
    );
    expect(world.asks).toHaveLength(3);
  });

  it('asks before it leaves the project, by path or by link', async () => {
    await world.write('../other/f.txt', 'x');
    await symlink('../other', world.path('dir'));
    await symlink('../other/f.txt', world.path('f.txt'));
    const other = `${world.root}/other`;
    for (const [name, filepath] of [
      ['../other/f.txt', `${other}/f.txt`],
      ['../other', other],
      ['dir', other],
      ['dir/f.txt', `${other}/f.txt`],
      ['f.txt', `${other}/f.txt`],
    ] as const) {
      world.asks.length = 0;
      await read(name);
      expect(world.asks).toMatchObject([
        { permission: 'external_directory', patterns: [`${other}/*`], metadata: { filepath, parentDir: other } },
        { permission: 'read', patterns: [...new Set([world.instance.resolve(name), filepath])] },
      ]);
    }
  });

  it('asks for what a link inside the project leads to as well', async () => {
    const env = await world.write('.env', 'SECRET=1');
    await world.write('config/.env', 'SECRET=2');
    await symlink('.env', world.path('lnk'));
    await symlink('lnk', world.path('again'));
    await symlink('config', world.path('dir'));
    for (const [name, real] of [
      ['lnk', env],
      ['again', env],
      ['dir/.env', world.path('config/.env')],
    ] as const) {
      world.asks.length = 0;
      await read(name);
      expect(world.asks).toMatchObject([{ permission: 'read', patterns: [world.path(name), real] }]);
    }
  });

  it('asks for the path alone when only the project is reached through a link', async () => {
    const project = { id: 'global', worktree: '/', time: { created: 1, updated: 1 }, sandboxes: [] };
    await symlink('proj', `${world.root}/way`);
    await world.write('.env', 'x');
    await symlink('.env', world.path('lnk'));
    const instance = new Instance(`${world.root}/way`, { worktree: `${world.root}/way`, project });
    for (const filePath of ['.env', 'lnk']) await world.run('read', { filePath }, { instance });
    expect(world.asks.map(({ patterns }) => patterns)).toEqual([
      [`${world.root}/way/.env`],
      [`${world.root}/way/lnk`, world.path('.env')],
    ]);
  });

  it('adds the instructions of sub-directories, once in a message', async () => {
    await world.write('AGENTS.md', 'of the project');
    await world.write('pkg/CLAUDE.md', 'of pkg');
    await world.write('pkg/CONTEXT.md', 'second choice');
    await world.write('pkg/lib/AGENTS.md', 'of lib');
    await world.write('pkg/lib/a.ts', 'a');
    await world.write('pkg/b.ts', 'b');
    const first = await read('pkg/lib/a.ts');
    const [lib, pkg] = [world.path('pkg/lib/AGENTS.md'), world.path('pkg/CLAUDE.md')];
    expect(first.output.split('</content>')[1]).toBe(
      `\n\n<system-reminder>\nInstructions from: ${lib}\nof lib\n</system-reminder>` +
        `\n\n<system-reminder>\nInstructions from: ${pkg}\nof pkg\n</system-reminder>`,
    );
    expect(first.metadata).toMatchObject({ loaded: [lib, pkg] });
    expect((await read('pkg/b.ts')).metadata).toMatchObject({ loaded: [] });
    const other = await world.run('read', { filePath: 'pkg/CLAUDE.md' }, { sessionID: 'ses_2' });
    expect(other.metadata).toMatchObject({ loaded: [] });
    const parallel = await Promise.all(
      ['pkg/b.ts', 'pkg/b.ts'].map((filePath) => world.run('read', { filePath }, { sessionID: 'ses_3' })),
    );
    expect(parallel.flatMap((each) => each.metadata?.['loaded'])).toEqual([pkg]);
  });

  it('adds none that the system prompt has by the configuration', async () => {
    await world.write('opencode.json', '{"instructions":["*/AGENTS.md"]}');
    await world.write('pkg/AGENTS.md', 'of pkg');
    const deep = await world.write('pkg/deep/AGENTS.md', 'of deep');
    await world.write('pkg/deep/a.ts', 'a');
    expect((await read('pkg/deep/a.ts')).metadata).toMatchObject({ loaded: [deep] });
  });

  it('adds them again when they are not part of the conversation any more', async () => {
    const path = await world.write('pkg/AGENTS.md', 'of pkg');
    await world.write('pkg/a.ts', 'a');
    const loadedIn = async (messageID: string, messages: MessageWithParts[]) =>
      (await world.run('read', { filePath: 'pkg/a.ts' }, { messageID, messages })).metadata?.['loaded'];
    /** A message in which a read gave the instructions. */
    const told = (compacted?: number) => {
      const time = { start: 1, end: 2, ...(compacted !== undefined && { compacted }) };
      const state = { status: 'completed', input: {}, output: '', title: '', metadata: { loaded: [path] }, time };
      return { info: {}, parts: [{ type: 'tool', tool: 'read', state }] } as unknown as MessageWithParts;
    };
    expect(await loadedIn('msg_1', [])).toEqual([path]);
    expect(await loadedIn('msg_2', [told()])).toEqual([]);
    expect(await loadedIn('msg_3', [told(3)])).toEqual([path]);
    expect(await loadedIn('msg_4', [])).toEqual([path]);
  });

  it('gives no instructions that a link takes from elsewhere', async () => {
    await world.write('../other/secret.txt', 'secret');
    await world.write('pkg/a.ts', 'a');
    await symlink(`${world.root}/other/secret.txt`, world.path('pkg/AGENTS.md'));
    expect((await read('pkg/a.ts')).output).not.toContain('secret');
  });

  it('passes on what the system says', async () => {
    if (process.getuid?.() === 0) return; // root reads everything
    await chmod(await world.write('a.txt', 'x'), 0);
    expect(await world.fail('read', { filePath: 'a.txt' })).toContain('EACCES');
  });
});
