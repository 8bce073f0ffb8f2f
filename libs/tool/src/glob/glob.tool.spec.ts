import { mkdir, utimes } from 'node:fs/promises';
import { ToolWorld } from '../tool-world.fixture.js';

describe('glob', () => {
  let world: ToolWorld;
  let time = 1_700_000_000;
  beforeEach(async () => {
    world = await ToolWorld.create();
  });
  afterEach(() => world.close());
  /** Files, each changed later than the one before. */
  const files = async (...names: string[]) => {
    for (const name of names) {
      const path = await world.write(name, 'x');
      await utimes(path, ++time, time);
    }
  };
  const glob = (pattern: string, path?: string) => world.run('glob', { pattern, path });

  it('lists files, newest first', async () => {
    await files('src/a.ts', 'b.ts', 'c.js', '.hidden.ts');
    expect(await glob('**/*.ts')).toEqual({
      title: '',
      output: ['.hidden.ts', 'b.ts', 'src/a.ts'].map((name) => world.path(name)).join('\n'),
      metadata: { count: 3, truncated: false },
    });
    expect(world.asks).toEqual([
      { permission: 'glob', patterns: ['**/*.ts'], always: ['*'], metadata: { pattern: '**/*.ts' } },
    ]);
    expect(await glob('*.ts', 'src')).toMatchObject({ title: 'src', output: world.path('src/a.ts') });
    expect(world.asks[1]?.metadata).toEqual({ pattern: '*.ts', path: 'src' });
  });

  it.each([
    ['*.rs', 'No files found'],
    ['a[', 'No files found'],
    ['/proj/*.ts', 'No files found'],
    ['*.{log,ts}', 'a.log b.ts'],
    // ripgrep lists what a pattern names although it is ignored, unless its directory is
    ['**/*.log', 'a.log'],
    ['*', 'a.log b.ts ignored/y.txt'],
    ['.git/*', 'No files found'],
    ['**/*.txt', 'No files found'],
  ])('%s: %s', async (pattern, expected) => {
    await files('.git/config', '.git/x.txt', 'ignored/y.txt', 'a.log', 'b.ts');
    await world.write('../proj/.ignore', 'ignored\n*.log\n');
    const found = (await glob(pattern)).output.replaceAll(`${world.root}/proj/`, '').split('\n');
    expect(
      found
        .filter((name) => name !== '.ignore')
        .sort()
        .join(' '),
    ).toBe(expected);
  });

  it('stops at 100 files', async () => {
    await files(...Array.from({ length: 100 }, (_, index) => `f${index}.txt`));
    expect(await glob('*.txt')).toMatchObject({ metadata: { count: 100, truncated: false } });
    await files('one-more.txt');
    const result = await glob('*.txt');
    expect(result.metadata).toEqual({ count: 100, truncated: true });
    expect(result.output).toMatch(
      /\n\n\(Results are truncated: showing first 100 results\. Consider using a more specific path or pattern\.\)$/,
    );
  });

  it('asks for its own first, then to leave the project', async () => {
    await mkdir(`${world.root}/other`);
    await world.run('glob', { pattern: '*', path: '../other' });
    expect(world.asks.map(({ permission, patterns }) => [permission, ...patterns])).toEqual([
      ['glob', '*'],
      ['external_directory', `${world.root}/other/*`],
    ]);
  });

  it('wants a directory', async () => {
    const path = await world.write('a.txt', '');
    expect(await world.fail('glob', { pattern: '*', path })).toBe(`No such file or directory: '${path}'`);
    expect(await world.fail('glob', { pattern: '*', path: 'no' })).toBe(
      `No such file or directory: '${world.path('no')}'`,
    );
  });

  it('ends when aborted', async () => {
    const control = new AbortController();
    control.abort(new Error('stopped'));
    expect(await world.fail('glob', { pattern: '*' }, { signal: control.signal })).toBe('stopped');
  });
});
