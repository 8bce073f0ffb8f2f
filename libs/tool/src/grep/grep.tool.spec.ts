import { execFileSync } from 'node:child_process';
import { chmod, utimes } from 'node:fs/promises';
import { ToolWorld } from '../tool-world.fixture.js';
import { MatchList } from './match-list.js';

describe('grep', () => {
  let world: ToolWorld;
  let time = 1_700_000_000;
  beforeEach(async () => {
    world = await ToolWorld.create();
  });
  afterEach(() => world.close());
  const file = async (name: string, content: string | Uint8Array) => {
    const path = await world.write(name, content);
    await utimes(path, ++time, time);
    return path;
  };
  const grep = (pattern: string, more: object = {}) => world.run('grep', { pattern, ...more });

  it('gives matches by file, newest first', async () => {
    const b = await file('b.txt', 'x\nline 2');
    const a = await file('src/a.txt', 'line1\nline2\nLINE3\n');
    expect(await grep('line')).toEqual({
      title: 'line',
      output: `Found 3 matches\n${a}:\n  Line 1: line1\n  Line 2: line2\n\n${b}:\n  Line 2: line 2`,
      metadata: { matches: 3, truncated: false },
    });
    expect(world.asks).toEqual([
      { permission: 'grep', patterns: ['line'], always: ['*'], metadata: { pattern: 'line' } },
    ]);
    expect((await grep('line', { include: '*.md' })).output).toBe('No files found');
    expect((await grep('line', { path: 'src', include: '*.txt' })).metadata).toEqual({ matches: 2, truncated: false });
    expect((await grep('line', { path: 'b.txt' })).output).toBe(`Found 1 matches\n${b}:\n  Line 2: line 2`);
    expect(world.asks.at(-2)?.metadata).toEqual({ pattern: 'line', path: 'src', include: '*.txt' });
  });

  it('searches hidden files, not those of git, ignored or binary', async () => {
    await file('.hidden', 'needle');
    await file('.git/config', 'needle');
    await file('sub/.git', 'needle');
    await file('.ignore', 'ignored\n');
    await file('ignored/a', 'needle');
    await file('bin', Uint8Array.of(...Buffer.from('needle\n'), 0));
    expect((await grep('needle')).output).toBe(`Found 1 matches\n${world.path('.hidden')}:\n  Line 1: needle`);
    expect((await grep('needle', { path: '.git' })).metadata).toMatchObject({ matches: 1 });
  });

  it('takes file names and patterns as they come', async () => {
    const path = await file('a|b:1 c.txt', 'x -e "y" $(z)|\n');
    expect((await grep('-e "y" \\$\\(z\\)\\|')).output).toBe(`Found 1 matches\n${path}:\n  Line 1: x -e "y" $(z)|`);
  });

  it('shows 100 matches and cuts long lines', async () => {
    await file('old.txt', 'hit\n'.repeat(30));
    await file('new.txt', `hit ${'x'.repeat(2000)}\n` + 'hit\n'.repeat(91));
    const result = await grep('hit');
    const lines = result.output.split('\n');
    expect(result.metadata).toEqual({ matches: 122, truncated: true });
    expect(lines[0]).toBe('Found 122 matches (showing first 100)');
    expect(lines[2]).toBe(`  Line 1: hit ${'x'.repeat(1996)}...`);
    expect(lines.slice(-2)).toEqual([
      '',
      '(Results truncated: showing 100 of 122 matches (22 hidden). Consider using a more specific path or pattern.)',
    ]);
    expect(lines.filter((line) => line.startsWith('  Line '))).toHaveLength(100);
    await file('new.txt', 'hit\n'.repeat(70));
    expect((await grep('hit')).metadata).toEqual({ matches: 100, truncated: false });
  });

  it('finds nothing', async () => {
    const nothing = { output: 'No files found', metadata: { matches: 0, truncated: false } };
    expect(await grep('nothing')).toMatchObject(nothing);
    expect(await grep('x', { path: 'no/such' })).toMatchObject(nothing);
  });

  it('explains what is wrong with a pattern', async () => {
    await file('a', 'x');
    expect(await world.fail('grep', { pattern: '' })).toBe('pattern is required');
    expect(await world.fail('grep', { pattern: 'a(b' })).toMatch(/^The search could not be made.*unclosed group/s);
    expect(await world.fail('grep', { pattern: 'a', include: '{a' })).toMatch(/could not be made.*glob/s);
    expect(await world.fail('grep', { pattern: 'a\\nb' })).toMatch(/could not be made/);
  });

  it('refuses what never ends, and passes by it in a directory', async () => {
    execFileSync('mkfifo', [world.path('pipe')]);
    expect(await world.fail('grep', { pattern: 'x', path: 'pipe' })).toContain('Not a regular file');
    expect(await world.fail('grep', { pattern: 'x', path: '/dev/zero' })).toContain('Not a regular file');
    await file('a', 'x');
    expect((await grep('x')).metadata).toMatchObject({ matches: 1 });
  });

  it('asks for its own first, then to leave the project', async () => {
    await world.write('../other/f.txt', 'x');
    await grep('x', { path: '../other/f.txt' });
    expect(world.asks.map(({ permission, patterns }) => [permission, ...patterns])).toEqual([
      ['grep', 'x'],
      ['external_directory', `${world.root}/other/f.txt/*`],
    ]);
  });

  it('says when something could not be read', async () => {
    const list = new MatchList();
    list.add('/a\x001:x:y');
    list.add('binary file matches');
    list.incomplete = true;
    expect(list.render()).toBe('Found 1 matches\n/a:\n  Line 1: x:y\n\n(Some paths were inaccessible and skipped)');
    if (process.getuid?.() === 0) return; // root reads everything
    await file('a', 'x');
    await chmod(await file('b', 'x'), 0);
    expect((await grep('x')).output).toContain('inaccessible');
  });
});
