import { execFileSync } from 'node:child_process';
import { mkdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { TemporaryProject, TestServer } from '../../../src/testing.js';
import { makeFolder, removeFolder } from '../../../src/testing/temporary-folder.js';
import { FileClient } from './file-client.js';
import { FileWorld } from './file-world.js';

const PNG = Buffer.from('89504e470d0a1a0a', 'hex');

describe('the files of a project', () => {
  let world: FileWorld;
  let server: TestServer;
  let project: TemporaryProject;
  let client: FileClient;
  beforeAll(async () => {
    world = await FileWorld.start({
      'a.txt': 'one\ntwo\nthree\n',
      'B.md': '# b\n',
      '.env': 'KEY=1\n',
      'src/deep/x.ts': 'x\n',
      'src/.gitignore': 'made/\n!kept.log\n',
      '.gitignore': '*.log\n/ignored/\n',
      '.ignore': 'secret.txt\n!both.log\n',
      'space.txt': 'a b\n',
      'gone.txt': 'gone\n',
      'old name.txt': 'same\nsame\nsame\n',
    });
    ({ server, project, client } = world);
  });
  afterAll(() => world.close());

  describe('are listed', () => {
    const names = async (path: string, of = client) =>
      (await of.body('/file', { path })).map((node: { type: string; name: string; ignored: boolean }) =>
        [node.name, node.type === 'directory' ? '/' : '', node.ignored ? ' ignored' : ''].join(''),
      );

    it('directories first, then by name, with what git ignores', async () => {
      for (const name of ['x.log', 'both.log', 'secret.txt', 'ignored/inside.txt', 'src/made/y', 'src/kept.log'])
        await project.write(name, '');
      await symlink('src', project.path('link'));
      expect(await names('')).toEqual([
        ...['ignored/ ignored', 'src/', '.env', '.gitignore', '.ignore', 'a.txt', 'B.md', 'both.log', 'gone.txt'],
        ...['link', 'old name.txt', 'secret.txt ignored', 'space.txt', 'x.log ignored'],
      ]);
      expect(await names('src')).toEqual(['deep/', 'made/ ignored', '.gitignore', 'kept.log']);
      expect(await names('ignored')).toEqual(['inside.txt ignored']);
    });

    it('with paths relative to the directory', async () => {
      const [node] = await client.body('/file', { path: 'src' });
      expect(node).toEqual({
        name: 'deep',
        path: 'src/deep',
        absolute: project.path('src/deep'),
        type: 'directory',
        ignored: false,
      });
      const inside = new FileClient(server, project.path('src/deep'));
      expect((await inside.body('/file', { path: '..' })).at(0)).toMatchObject({ path: '', name: 'deep' });
      expect((await inside.body('/file', { path: '../..' })).at(1)).toMatchObject({ path: '..', name: 'src' });
    });

    it.each(['', '.', '/', './', 'src/..'])('from %j', async (path) => {
      expect(await names(path)).toContain('a.txt');
    });

    it('through links, inside .git, and as nothing where nothing is', async () => {
      expect((await client.body('/file', { path: 'link' })).map(({ path }: { path: string }) => path)).toContain(
        'link/deep',
      );
      expect(await names('.git')).toContain('HEAD');
      for (const path of ['missing', 'a.txt', 'a.txt/x', project.directory, 'x'.repeat(5000), '%2e%2e', '...'])
        expect([path, (await client.list(path)).body]).toEqual([path, []]);
    });

    it('outside git too', async () => {
      await using plain = await TemporaryProject.create({ files: { '.gitignore': '*', 'a.txt': '' } });
      expect(await names('', FileClient.of(server, plain))).toEqual(['.gitignore', 'a.txt']);
    });
  });

  describe('are read', () => {
    const text = { type: 'text', content: '' };
    it.each([
      ['text, trimmed', 'n1.txt', ' \n a\u0000b \n\n', { ...text, content: 'a\u0000b' }],
      ['what is not UTF-8', 'n2.txt', Buffer.from([0x61, 0xff, 0x62]), { ...text, content: 'a\ufffdb' }],
      ['an empty file', 'n3', '', text],
      ['a script', 'n4.sh', 'echo', { ...text, content: 'echo' }],
      ['TypeScript, which is no film', 'n5.ts', 'a', { ...text, content: 'a' }],
      [
        'an image',
        'n6.PNG',
        PNG,
        { type: 'text', content: PNG.toString('base64'), mimeType: 'image/png', encoding: 'base64' },
      ],
      ['SVG', 'n7.svg', '<svg/>', { type: 'text', content: 'PHN2Zy8+', mimeType: 'image/svg+xml', encoding: 'base64' }],
      ['PDF', 'n8.pdf', '%PDF', { type: 'binary', content: '' }],
      ['an archive', 'n9.tar.gz', 'x', { type: 'binary', content: '' }],
      ['sound', 'n10.mid', 'x', { type: 'binary', content: '', mimeType: 'audio/midi' }],
      ['a name like a property', 'n11.constructor', 'x', { ...text, content: 'x' }],
    ])('%s', async (_kind, name, content, expected) => {
      await writeFile(project.path(name), content);
      expect(await client.body('/file/content', { path: name })).toEqual(expected);
      expect(await client.body('/file/content', { path: `/src/../${name}` })).toEqual(expected);
    });

    it.each([
      ['missing.txt', text],
      ['missing.png', text],
      ['missing.mid', text],
      ['missing.zip', { type: 'binary', content: '' }],
      ['src', text],
      ['', text],
      ['a.txt/x', text],
    ])('as nothing where nothing is: %j', async (path, expected) => {
      expect(await client.body('/file/content', { path })).toEqual(expected);
    });

    it('with their difference to the last commit', async () => {
      await project.write('a.txt', 'one\nTWO\nthree\nfour\n');
      const changed = await client.body('/file/content', { path: 'a.txt' });
      expect(changed).toEqual({
        type: 'text',
        content: 'one\nTWO\nthree\nfour',
        patch: {
          oldFileName: 'a.txt',
          newFileName: 'a.txt',
          oldHeader: 'old',
          newHeader: 'new',
          hunks: [
            {
              oldStart: 1,
              oldLines: 3,
              newStart: 1,
              newLines: 4,
              lines: [' one', '-two', '+TWO', ' three', '+four', '\\ No newline at end of file'],
            },
          ],
        },
        diff: expect.stringMatching(
          /^Index: a\.txt\n=+\n--- a\.txt\told\n\+\+\+ a\.txt\tnew\n@@ -1,3 \+1,4 @@\n one\n/,
        ),
      });
      await project.git('add', 'a.txt');
      expect(await client.body('/file/content', { path: 'a.txt' })).toEqual(changed);
      const inside = new FileClient(server, project.path('src'));
      expect((await inside.body('/file/content', { path: '../a.txt' })).patch.oldFileName).toBe('../a.txt');

      await project.write('space.txt', '  a b  \n');
      expect((await client.body('/file/content', { path: 'space.txt' })).patch.hunks).toEqual([]);
      await project.write('* [new]:(x).txt', 'new\n');
      expect(await client.body('/file/content', { path: '* [new]:(x).txt' })).not.toHaveProperty('patch');
      await project.git('--literal-pathspecs', 'add', '* [new]:(x).txt');
      const [hunk] = (await client.body('/file/content', { path: '* [new]:(x).txt' })).patch.hunks;
      expect(hunk.lines.slice(0, 1)).toEqual(['+new']);
      await project.git('reset', '--quiet');
      await rm(project.path('* [new]:(x).txt'));
    });

    it('up to a size', async () => {
      await writeFile(project.path('huge.txt'), '');
      await truncate(project.path('huge.txt'), 40 * 1024 * 1024);
      expect(await client.content('huge.txt')).toMatchObject({ status: 413, body: { name: 'FileTooLargeError' } });
      await rm(project.path('huge.txt'));
    });

    it('unless reading might never end', async () => {
      execFileSync('mkfifo', [project.path('pipe')]);
      await symlink('/dev/zero', project.path('zero'));
      const socket = createServer().listen(project.path('socket'));
      expect(await client.content('pipe')).toMatchObject({ status: 400, body: { name: 'InvalidRequestError' } });
      expect((await client.content('zero')).status).toBe(403);
      expect((await client.content('socket')).status).toBeGreaterThanOrEqual(400);
      expect((await client.list('')).status).toBe(200);
      await new Promise((resolve) => socket.close(resolve));
      await rm(project.path('pipe'));
      await rm(project.path('zero'));
    });
  });

  describe('that lie outside', () => {
    let outside: string;
    beforeAll(async () => {
      outside = await makeFolder();
      await writeFile(join(outside, 'secret.txt'), 'secret');
      await symlink(outside, project.path('way-out'));
      await symlink(join(outside, 'secret.txt'), project.path('secret-link.txt'));
      await symlink(join(outside, 'not-yet'), project.path('dangling'));
      await symlink('/', project.path('root'));
    });
    afterAll(async () => {
      await removeFolder(outside);
      for (const name of ['way-out', 'secret-link.txt', 'dangling', 'root']) await rm(project.path(name));
    });

    it.each([
      ...['..', '../', '../x', '/..', 'src/../../x', 'way-out', 'way-out/secret.txt', 'secret-link.txt', 'dangling'],
      ...['root/etc/passwd', 'link/../../x', '../../../../../etc/passwd'],
    ])('are refused: %s', async (path) => {
      for (const { status, body } of [await client.list(path), await client.content(path)])
        expect([path, status, body.name]).toEqual([path, 403, 'ForbiddenError']);
    });

    it('are refused however the way is written', async () => {
      for (const query of ['path=%2e%2e%2fx', 'path=..%2F..%2Fetc', 'path=%2e.', 'path=src/%2e%2e/%2E%2E/x']) {
        const at = (route: string) => server.request(`${route}?${query}`, { directory: project.directory });
        expect([query, (await at('/file')).status, (await at('/file/content')).status]).toEqual([query, 403, 403]);
      }
    });

    it('with a NUL byte, no path, or two', async () => {
      expect((await client.list('a\0b')).status).toBe(400);
      expect((await client.content('a.txt\0.png')).status).toBe(400);
      expect((await client.content('a.zip\0')).status).toBe(400);
      for (const route of ['/file', '/file/content', '/file?path=a&path=b'])
        expect((await server.request(route, { directory: project.directory })).status).toBe(400);
    });

    it('of the allowed roots, although inside the worktree', async () => {
      const guarded = await TestServer.start({
        http: { allowedRoots: [project.path('src')] },
      });
      try {
        const inside = new FileClient(guarded, project.path('src/deep'));
        expect((await inside.list('..')).status).toBe(200);
        for (const path of ['../..', '../../a.txt', '../../missing']) {
          expect([path, (await inside.list(path)).status]).toEqual([path, 403]);
          expect([path, (await inside.content(path)).status]).toEqual([path, 403]);
        }
        expect((await new FileClient(guarded, project.directory).list('')).status).toBe(403);
      } finally {
        await guarded.close();
      }
    });
  });

  describe('that changed', () => {
    it('are told once each, relative to the directory', async () => {
      await project.git('add', '--all');
      await project.git('commit', '--quiet', '--message', 'all');
      await project.write('a.txt', 'one\nthree\nfour\nfive\n');
      await project.write('src/deep/x.ts', 'y\n');
      await project.write('src/new file.ts', 'a\nb');
      await writeFile(project.path('n6.PNG'), Buffer.from([0, 1, 2, 3]));
      await writeFile(project.path('binary'), Buffer.from([0, 10, 10]));
      await rm(project.path('gone.txt'));
      await rename(project.path('old name.txt'), project.path('src/renamed.txt'));
      await project.write('staged\tü.txt', 'new\n');
      await project.git('add', 'staged\tü.txt', 'src/renamed.txt');
      await project.write('x.log', 'changed although ignored');

      const modified = { status: 'modified' };
      expect(await client.body('/file/status')).toEqual([
        { path: 'a.txt', added: 1, removed: 1, ...modified },
        { path: 'n6.PNG', added: 0, removed: 0, ...modified },
        { path: 'src/deep/x.ts', added: 1, removed: 1, ...modified },
        { path: 'src/renamed.txt', added: 3, removed: 0, status: 'added' },
        { path: 'staged\tü.txt', added: 1, removed: 0, status: 'added' },
        { path: 'binary', added: 0, removed: 0, status: 'added' },
        { path: 'src/new file.ts', added: 2, removed: 0, status: 'added' },
        { path: 'gone.txt', added: 0, removed: 1, status: 'deleted' },
        { path: 'old name.txt', added: 0, removed: 3, status: 'deleted' },
      ]);
      expect(
        (await new FileClient(server, project.path('src')).body('/file/status')).map(
          ({ path }: { path: string }) => path,
        ),
      ).toEqual(['deep/x.ts', 'renamed.txt', 'new file.ts']);
    });

    it('are all there are before the first commit, and none outside git', async () => {
      await using fresh = await TemporaryProject.create({ files: { 'a.txt': '1\n', 'b.txt': '1\n2\n' } });
      expect(await FileClient.of(server, fresh).body('/file/status')).toEqual([]);
      await mkdir(fresh.path('repo'));
      await writeFile(fresh.path('repo/a.txt'), '1\n');
      execFileSync('git', ['init', '--quiet'], { cwd: fresh.path('repo') });
      execFileSync('git', ['add', 'a.txt'], { cwd: fresh.path('repo') });
      await writeFile(fresh.path('repo/b.txt'), '1\n2\n');
      expect(await new FileClient(server, fresh.path('repo')).body('/file/status')).toEqual([
        { path: 'a.txt', added: 1, removed: 0, status: 'added' },
        { path: 'b.txt', added: 2, removed: 0, status: 'added' },
      ]);
    });
  });
});
