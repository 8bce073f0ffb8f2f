import { cutText, limitOutput } from './limit-output.js';

describe('limitOutput', () => {
  const line = 'x'.repeat(1023);
  it.each<[string, string, ReturnType<typeof limitOutput>]>([
    ['short', 'a\nb\n', undefined],
    ['just 2000 lines', 'a\n'.repeat(1999), undefined],
    ['just 51200 bytes', 'x'.repeat(51_200), undefined],
    [
      '3000 lines and a final line end',
      'a\n'.repeat(3000),
      { kept: 'a\n'.repeat(2000).trimEnd(), removed: 1001, unit: 'lines' },
    ],
    ['empty lines', '\n'.repeat(2001), { kept: '\n'.repeat(1999), removed: 2, unit: 'lines' }],
    ['a long line behind an empty one', `\n${'x'.repeat(51_200)}`, { kept: '', removed: 51_201, unit: 'bytes' }],
    ['one long line', 'x'.repeat(51_201), { kept: '', removed: 51_201, unit: 'bytes' }],
    [
      'many long lines',
      `${line}\n`.repeat(60),
      { kept: `${line}\n`.repeat(50).trimEnd(), removed: 60 * 1024 - 50 * 1024 + 1, unit: 'bytes' },
    ],
    ['bytes, not characters', `ab\n${'é'.repeat(25_600)}`, { kept: 'ab', removed: 51_201, unit: 'bytes' }],
  ])('%s', (_, text, expected) => {
    expect(limitOutput(text)).toEqual(expected);
  });
});

describe('cutText', () => {
  it('cuts, and leaves no half of a character', () => {
    expect(cutText('abc', 3, '...')).toBe('abc');
    expect(cutText('abcd', 3, '...')).toBe('abc...');
    expect(cutText('ab😀', 3, '...').isWellFormed()).toBe(true);
  });
});
