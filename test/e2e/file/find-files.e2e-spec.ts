import { mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { TemporaryProject, TestServer } from '../../../src/testing.js';
import { until } from '../../helpers/until.js';
import { FileClient } from './file-client.js';

const files = (...paths: string[]) => Object.fromEntries(paths.map((path) => [path, '']));

describe('GET /find/file', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await TestServer.start();
  });
  afterAll(() => server.close());
  const finder =
    (directory: string) =>
    (query: string, more: Record<string, string> = {}): Promise<string[]> =>
      new FileClient(server, directory).body('/find/file', { query, limit: '200', ...more });

  describe('in a project', () => {
    let project: TemporaryProject;
    let find: ReturnType<typeof finder>;
    beforeAll(async () => {
      project = await TemporaryProject.create({
        git: true,
        files: {
          ...files('a.txt', 'pad.txt', 'notes/new.txt', 'src/UserService.ts', 'src/deep/user.store.ts', 'README.md'),
          ...files('.hidden/cfg.json', 'src/.private/key', 'crème/Brûlée.md', '日本/語.txt', 'with space/two words.md'),
          ...files('build/out.js', 'nested/keep.tmp', 'nested/drop.tmp'),
          '.gitignore': 'build/\n*.tmp\n',
          'nested/.gitignore': '!keep.tmp\n',
        },
      });
      find = finder(project.directory);
    });
    afterAll(() => project.remove());

    it('ranks what fits: whole words, beginnings and short paths first', async () => {
      expect((await find('txt', { type: 'file' })).slice(0, 2)).toEqual(['a.txt', 'pad.txt']);
      expect((await find('user')).slice(0, 2)).toEqual(['src/UserService.ts', 'src/deep/user.store.ts']);
      expect(await find('usv')).toEqual(['src/UserService.ts']);
      expect(await find('USER store')).toEqual(['src/deep/user.store.ts']);
      expect(await find('two words')).toEqual(['with space/two words.md']);
      expect(await find('brulee')).toEqual(['crème/Brûlée.md']);
      expect(await find('語')).toEqual(['日本/語.txt']);
      expect(await find('nothing like it')).toEqual([]);
    });

    it.each<[Record<string, string>, string[]]>([
      [{}, ['q.x/', 'q.x/q']],
      [{ dirs: 'true' }, ['q.x/', 'q.x/q']],
      [{ dirs: 'false' }, ['q.x/q']],
      [{ dirs: 'true', type: 'file' }, ['q.x/q']],
      [{ dirs: 'false', type: 'directory' }, ['q.x/']],
    ])('of a kind: %j', async (options, expected) => {
      await project.write('q.x/q', '');
      expect((await find('q.x', options)).sort()).toEqual(expected);
      await rm(project.path('q.x'), { recursive: true });
    });

    it('gives directories for an empty query, hidden ones last', async () => {
      const all = ['crème/', 'nested/', 'notes/', 'src/', 'src/deep/', 'with space/', '日本/'];
      expect(await find('')).toEqual([...all, '.hidden/', 'src/.private/']);
      expect(await find('  ', { limit: '2' })).toEqual(all.slice(0, 2));
      expect(await find('', { dirs: 'false' })).toHaveLength(14);
      expect(await find('', { type: 'file', limit: '3' })).toHaveLength(3);
      expect(await find('', { type: 'directory', dirs: 'false' })).toHaveLength(9);
    });

    it('puts hidden directories last unless they are asked for', async () => {
      expect((await find('r', { type: 'directory' })).at(-1)).toBe('src/.private/');
      expect((await find('.h', { type: 'directory' })).at(0)).toBe('.hidden/');
    });

    it('takes ten when no limit is given', async () => {
      const found = await new FileClient(server, project.directory).body('/find/file', { query: 'e' });
      expect(found).toHaveLength(10);
    });

    it.each(['1e1', ' 5 ', '200', '1'])('takes the limit %j', async (limit) => {
      expect((await find('e', { limit })).length).toBeLessThanOrEqual(Number(limit));
    });

    it.each(['limit=', 'limit=0', 'limit=201', 'limit=1.5', 'limit=abc', 'dirs=yes', 'type=link'])(
      'refuses %s',
      async (option) => {
        const path = `/find/file?query=a&${option}`;
        expect((await server.request(path, { directory: project.directory })).status).toBe(400);
      },
    );

    it('needs a query', async () => {
      expect((await new FileClient(server, project.directory).get('/find/file')).status).toBe(400);
    });
  });

  describe('after a change', () => {
    let project: TemporaryProject;
    let find: ReturnType<typeof finder>;
    beforeEach(async () => {
      project = await TemporaryProject.create({
        git: true,
        files: { ...files('a.one', 'src/b.one', 'src/deep/c.one'), '.gitignore': '*.no\n/made/\n' },
      });
      await mkdir(project.path('empty'));
      find = finder(project.directory);
      expect(new Set(await find('one', { type: 'file' }))).toEqual(new Set(['a.one', 'src/b.one', 'src/deep/c.one']));
    });
    afterEach(() => project.remove());
    /** Files that are found by the very next question; the order does not matter. */
    const next = async (expected: string[]) => expect((await find('one')).sort()).toEqual([...expected].sort());
    /** The same where all is listed anew: a question waits only so long for that. */
    const soon = async (query: string, expected: string[]) => {
      const wanted = [...expected].sort().join();
      await until(async () => (await find(query)).sort().join() === wanted, `${wanted} are found`);
    };

    it('finds a new file with the next question, and no removed one', async () => {
      await project.write('new.one', '');
      await next(['a.one', 'new.one', 'src/b.one', 'src/deep/c.one']);
      await rm(project.path('src/b.one'));
      await next(['a.one', 'new.one', 'src/deep/c.one']);
      await project.write('src/b.one', '');
      await rename(project.path('a.one'), project.path('src/z.one'));
      await next(['new.one', 'src/b.one', 'src/deep/c.one', 'src/z.one']);
      await writeFile(project.path('tmp'), '');
      await rename(project.path('tmp'), project.path('new.one'));
      await next(['new.one', 'src/b.one', 'src/deep/c.one', 'src/z.one']);
    });

    it('finds what is in new, moved, empty and removed directories', async () => {
      await project.write('x/y/z/new.one', '');
      await project.write('empty/first.one', '');
      await next(['a.one', 'empty/first.one', 'src/b.one', 'src/deep/c.one', 'x/y/z/new.one']);
      await project.write('x/y/z/more.one', '');
      await rename(project.path('src'), project.path('moved'));
      const moved = ['moved/b.one', 'moved/deep/c.one', 'x/y/z/more.one', 'x/y/z/new.one'];
      await next(['a.one', 'empty/first.one', ...moved]);
      expect(await find('src/')).toEqual([]);
      await project.write('moved/deep/d.one', '');
      await rm(project.path('x'), { recursive: true });
      await next(['a.one', 'empty/first.one', 'moved/b.one', 'moved/deep/c.one', 'moved/deep/d.one']);
      await rm(project.path('moved'), { recursive: true });
      await project.write('moved/other.one', '');
      await next(['a.one', 'empty/first.one', 'moved/other.one']);
    });

    it('leaves out what is ignored, by the rules of the moment', async () => {
      for (const path of ['one.no', 'made/x.one', '.git/y.one', 'src/one.no']) await project.write(path, '');
      await symlink('a.one', project.path('link.one'));
      const before = ['a.one', 'src/b.one', 'src/deep/c.one'];
      await next(before);
      await project.write('made/deeper/z.one', '');
      await next(before);
      await project.write('.gitignore', '');
      await soon('one', [...before, 'made/deeper/z.one', 'made/x.one', 'one.no', 'src/one.no']);
      await project.write('src/.ignore', '*\n');
      await soon('one', ['a.one', 'made/deeper/z.one', 'made/x.one', 'one.no']);
      await rm(project.path('src/.ignore'));
      await soon('one', [...before, 'made/deeper/z.one', 'made/x.one', 'one.no', 'src/one.no']);
    });

    it('keeps up with very many', async () => {
      await Promise.all(
        Array.from({ length: 1_500 }, (_, index) => project.write(`many/${index % 7}/${index}.two`, '')),
      );
      await soon('1499.two', ['many/1/1499.two']);
      expect(await find('two', { type: 'file' })).toHaveLength(200);
      await rm(project.path('many'), { recursive: true });
      await soon('two', []);
      await project.write('last.two', '');
      await soon('two', ['last.two']);
    });

    it('starts anew with a new instance', async () => {
      await server.request('/instance/dispose', { directory: project.directory, method: 'POST' });
      await project.write('new.one', '');
      await next(['a.one', 'new.one', 'src/b.one', 'src/deep/c.one']);
    });

    it('answers every one of many questions at once', async () => {
      await project.write('new.one', '');
      const answers = await Promise.all(Array.from({ length: 20 }, () => find('one')));
      for (const answer of answers) expect(answer).toHaveLength(4);
    });
  });

  it('finds new files without a watcher too', async () => {
    await using plain = await TemporaryProject.create({ files: files('a.x') });
    await using quiet = await TestServer.start({ variables: { OPENCODE_EXPERIMENTAL_DISABLE_FILEWATCHER: '1' } });
    const client = FileClient.of(quiet, plain);
    expect(await client.body('/find/file', { query: 'x' })).toEqual(['a.x']);
    await plain.write('sub/b.x', '');
    const found = async () => (await client.body('/find/file', { query: 'x' })).sort().join();
    await until(async () => (await found()) === 'a.x,sub/b.x', 'both are found');
  });

  it('works outside git, below a worktree, and knows two levels of a home directory', async () => {
    await using plain = await TemporaryProject.create({
      files: { ...files('a.x', 'b/c.x', 'ignored'), '.ignore': 'ignored', '.gitignore': 'a.x' },
    });
    const find = finder(plain.directory);
    expect((await find('', { type: 'file' })).sort()).toEqual(['.gitignore', '.ignore', 'a.x', 'b/c.x']);
    await plain.write('b/d.x', '');
    expect((await find('x')).sort()).toEqual(['a.x', 'b/c.x', 'b/d.x']);

    await using repository = await TemporaryProject.create({
      git: true,
      files: { ...files('sub/a.x', 'sub/b.no'), '.gitignore': '*.no' },
    });
    const below = finder(repository.path('sub'));
    expect(await below('', { type: 'file' })).toEqual(['a.x']);
    await repository.write('sub/new.no', '');
    await repository.write('sub/deep/new.x', '');
    expect((await below('', { type: 'file' })).sort()).toEqual(['a.x', 'deep/new.x']);

    for (const path of ['one/two/three', '.config/x']) await mkdir(`${server.home}/${path}`, { recursive: true });
    expect(await finder(server.home)('')).toEqual(['one/', 'one/two/']);
    expect(await finder('/')('etc')).toEqual([]);
    expect(await readdir('/')).toContain('etc');
  });
});
