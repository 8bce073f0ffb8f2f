import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, symlink, writeFile } from 'node:fs/promises';
import { type TemporaryProject, type TestServer } from '../../../src/testing.js';
import { type FileClient } from './file-client.js';
import { FileWorld } from './file-world.js';

describe('GET /find', () => {
  let world: FileWorld;
  let server: TestServer;
  let project: TemporaryProject;
  let client: FileClient;
  beforeAll(async () => {
    world = await FileWorld.start({
      'a.txt': 'one\nTWO\nthree two\n',
      '.hidden': 'needle\n',
      'sub/.git/x': 'needle\n',
      '.gitignore': 'ignored\n',
      ignored: 'needle\n',
      'many.txt': 'hit\n'.repeat(30),
      'odd $(x) "y".txt': 'odd\n',
    });
    ({ server, project, client } = world);
  });
  afterAll(() => world.close());
  const find = (pattern: string) => client.body('/find', { pattern });
  const lines = async (pattern: string) =>
    (await find(pattern)).map((match: { lines: { text: string } }) => match.lines.text.trimEnd());

  it('gives matching lines with offsets in bytes', async () => {
    await project.write('ü/ü.txt', 'üü TWO TWO\n');
    expect(await find('TWO')).toHaveLength(2);
    expect(await find('TWO')).toEqual(
      expect.arrayContaining([
        {
          path: { text: 'a.txt' },
          lines: { text: 'TWO\n' },
          line_number: 2,
          absolute_offset: 4,
          submatches: [{ match: { text: 'TWO' }, start: 0, end: 3 }],
        },
        {
          path: { text: 'ü/ü.txt' },
          lines: { text: 'üü TWO TWO\n' },
          line_number: 1,
          absolute_offset: 0,
          submatches: [
            { match: { text: 'TWO' }, start: 5, end: 8 },
            { match: { text: 'TWO' }, start: 9, end: 12 },
          ],
        },
      ]),
    );
  });

  it('searches hidden files, not those of git or ignored', async () => {
    expect((await find('needle')).map(({ path }: { path: { text: string } }) => path.text)).toEqual(['.hidden']);
  });

  it('stops at ten lines of a file', async () => {
    expect(await find('hit')).toHaveLength(10);
  });

  it('finds nothing for nothing', async () => {
    expect(await find('')).toEqual([]);
    expect(await find('no such text')).toEqual([]);
  });

  it.each([
    ['(TWO|three)', ['TWO', 'three two']],
    ['three two', ['three two']],
    ['^one$', ['one']],
    ['(?i)two$', ['TWO', 'three two']],
  ])('takes the pattern as one regular expression: %s', async (pattern, expected) => {
    expect(await lines(pattern)).toEqual(expected.includes('TWO') ? expect.arrayContaining(expected) : expected);
  });

  it.each([
    '$(touch pwned)',
    '`touch pwned`',
    '; touch pwned;',
    '| touch pwned',
    '"; touch pwned; "',
    "'; touch pwned; '",
    '--pre=./evil.sh',
    '--pre ./evil.sh one',
    '-e one --pre ./evil.sh',
    '--files',
    '--hostname-bin=./evil.sh',
    '-f/etc/passwd',
    '-- /etc/passwd',
  ])('runs nothing that stands in the pattern: %s', async (pattern) => {
    await project.write('evil.sh', '#!/bin/sh\ntouch pwned\n');
    await chmod(project.path('evil.sh'), 0o755);
    const { status } = await client.get('/find', { pattern });
    expect([200, 400]).toContain(status);
    expect(existsSync(project.path('pwned'))).toBe(false);
  });

  it('finds what looks like an option or a command', async () => {
    const text = 'x --pre=y $(z) `w` "q" \\ ; |';
    await project.write('strange.txt', `${text}\n`);
    for (const part of ['--pre=y', '\\$\\(z\\)', '`w`', '"q"', '\\\\ ; \\|'])
      expect([part, await lines(part)]).toEqual([part, [text]]);
  });

  it.each([
    ['a(b', /unclosed group/],
    ['[', /unclosed character class/],
    ['a\nb', /literal/],
    ['a\0b', /NUL/],
    ['(a{9999}){9999}', /size limit/],
  ])('says what is wrong with a pattern: %j', async (pattern, problem) => {
    const { status, body } = await client.get('/find', { pattern });
    expect([status, body.success, body.error[0].path]).toEqual([400, false, ['pattern']]);
    expect(body.error[0].message).toMatch(problem);
  });

  it('needs a pattern', async () => {
    expect((await client.get('/find')).status).toBe(400);
  });

  it('passes by what is no text, and what never ends', async () => {
    await writeFile(project.path('latin1.txt'), Buffer.from('caf\xe9 odd-line\n', 'latin1'));
    await writeFile(project.path('binary'), Buffer.from('odd-line\n\0\x01'));
    execFileSync('mkfifo', [project.path('pipe')]);
    await symlink('/dev/zero', project.path('zero'));
    expect(await lines('odd-line')).toEqual(['caf\ufffd odd-line']);
    expect((await find('^odd$'))[0].path.text).toBe('odd $(x) "y".txt');
  });

  it('ends when the client goes away', async () => {
    const directory = project.directory;
    const leave = new AbortController();
    const answer = server.fetch('/find?pattern=hit', { directory, signal: leave.signal });
    leave.abort();
    await expect(answer).rejects.toThrow();
    expect(await find('hit')).toHaveLength(10);
  });
});
