import { matchWildcard } from './wildcard.js';

describe('matchWildcard', () => {
  it.each([
    ['git', 'git *', true],
    ['git status', 'git *', true],
    ['github', 'git *', false],
    ['echo a', 'echo ?', true],
    ['echo ab', 'echo ?', false],
    ['echo ', 'echo ?', false],
    ['/proj/src/deep/a.ts', '/proj/*', true],
    ['/proj', '/proj/*', false],
    ['a\nb', 'a*b', true],
    ['a\nb', 'a?b', true],
    ['', '*', true],
    ['', '', true],
    ['', '?', false],
    ['anything at all', '*', true],
    ['x.env', '*.env', true],
    ['x.env.local', '*.env', false],
    ['x.env.local', '*.env.*', true],
    ['a.b', 'a+b', false],
    ['(a)', '(a)', true],
    ['ab', 'a**b', true],
    ['abcabd', '*ab?', true],
    ['abcabd', '*abc', false],
    ['a*c', 'a*c', true],
    ['echo *', 'echo *', true],
    ['Git', 'git', false],
  ])('%j against %j: %s', (text, pattern, expected) => {
    expect(matchWildcard(text, pattern)).toBe(expected);
  });

  it('stays linear for hostile patterns', () => {
    expect(matchWildcard('a'.repeat(20_000), `${'*a'.repeat(500)}b`)).toBe(false);
  });
});
